package org.spinor.server.database;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Settings of the embedded PostgreSQL: written anew at each start, sized for a server that shares
 * the machine. What an operator writes into {@code operator.conf} beside them wins.
 */
final class PostgresSettings {
  static final String FILE = "spinor.conf";
  private static final long MEGABYTE = 1024L * 1024;

  private PostgresSettings() {}

  /**
   * @param durable false: commits do not wait for the disk (tests)
   */
  static void write(Path data, boolean durable) throws IOException {
    Files.writeString(data.resolve(FILE), text(memoryMb(), durable));
    Path main = data.resolve("postgresql.conf");
    String includes =
        """

        # The last word have Spinor's settings (written anew at each start), then the operator's.
        include = '%s'
        include_if_exists = 'operator.conf'
        """
            .formatted(FILE);
    if (!Files.readString(main).contains("include = '" + FILE + "'")) {
      Files.writeString(main, Files.readString(main) + includes);
    }
  }

  static String text(long memoryMb, boolean durable) {
    long shared = Math.clamp(memoryMb / 8, 64, 2048);
    return """
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = '%dMB'
        effective_cache_size = '%dMB'
        work_mem = '16MB'
        maintenance_work_mem = '%dMB'
        dynamic_shared_memory_type = %s
        max_wal_size = '4GB'
        min_wal_size = '256MB'
        checkpoint_timeout = '15min'
        checkpoint_completion_target = 0.9
        random_page_cost = 1.1
        jit = off
        autovacuum_naptime = '10s'
        autovacuum_vacuum_cost_limit = 2000
        autovacuum_vacuum_scale_factor = 0.05
        autovacuum_analyze_scale_factor = 0.02
        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgres-%%d.log'
        log_truncate_on_rotation = on
        log_rotation_age = '1d'
        log_rotation_size = 0
        log_min_duration_statement = '2s'
        log_parameter_max_length = 0
        log_line_prefix = '%%m [%%p] '
        log_timezone = 'UTC'
        timezone = 'UTC'
        synchronous_commit = %s
        fsync = %s
        """
        .formatted(
            shared,
            Math.max(256, memoryMb / 2),
            Math.clamp(shared / 2, 64, 512),
            smallSharedMemory() ? "mmap" : "posix",
            durable ? "on" : "off",
            durable ? "on" : "off");
  }

  /** What this process may use: of the machine, or of its container. */
  private static long memoryMb() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize() / MEGABYTE
        : 2048;
  }

  /** Containers often give 64 MB, too little for parallel queries. */
  private static boolean smallSharedMemory() {
    try {
      Path memory = Path.of("/dev/shm");
      return !Files.isDirectory(memory)
          || Files.getFileStore(memory).getTotalSpace() < 256 * MEGABYTE;
    } catch (IOException e) {
      return true;
    }
  }
}
