package org.spinor.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in the server's data folder, started, watched and stopped by this server. It is
 * a process of its own: where the server dies by kill -9 the database lives on, and the next server
 * on the same folder takes it over.
 */
final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  static final String USER = "spinor";

  private final Path programs;
  private final Path folder;
  private final Path data;
  private final Path passwordFile;
  private volatile boolean closed;
  private volatile int port;

  /**
   * @param folder the server's data folder; the database stands in {@code postgres}, its password
   *     in {@code secrets}
   * @param durable false: commits do not wait for the disk (tests)
   */
  EmbeddedPostgres(Path folder, boolean durable) {
    this.programs = PostgresBinaries.unpacked().resolve("bin");
    this.folder = folder;
    this.data = folder.resolve("postgres");
    this.passwordFile = folder.resolve("secrets").resolve("postgres-password");
    try {
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialise();
        Files.writeString(data.resolve("postgresql.auto.conf"), settings(durable));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a database in " + data, e);
    }
    if (isRunning()) {
      log.info("taking over the running database of {}", data);
      this.port = runningPort();
    } else {
      start();
    }
    Thread.ofVirtual().name("postgres-keeper").start(this::keep);
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  String user() {
    return USER;
  }

  String password() {
    try {
      return Files.readString(passwordFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process id of the postmaster, where it runs. */
  Optional<Long> pid() {
    return pidFileLine(0).map(Long::valueOf);
  }

  private void initialise() throws IOException {
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(passwordFile.getParent());
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(passwordFile);
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, HexFormat.of().formatHex(random));
    run(
        "initdb",
        "-D",
        data.toString(),
        "-U",
        USER,
        "--auth=scram-sha-256",
        "--pwfile=" + passwordFile,
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions");
  }

  private static String settings(boolean durable) {
    // Sized for a server that shares a small machine; an installation that outgrows it brings its
    // own PostgreSQL (--db-url).
    return """
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = '512MB'
        work_mem = '16MB'
        maintenance_work_mem = '256MB'
        effective_cache_size = '2GB'
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
        log_min_duration_statement = '2s'
        log_line_prefix = '%%m [%%p] '
        timezone = 'UTC'
        synchronous_commit = %s
        fsync = %s
        """
        .formatted(durable ? "on" : "off", durable ? "on" : "off");
  }

  private synchronized void start() {
    if (closed) {
      return;
    }
    port = freePort();
    run(
        "pg_ctl",
        "start",
        "-w",
        "-t",
        "120",
        "-D",
        data.toString(),
        "-l",
        data.resolve("postgres.log").toString(),
        "-o",
        "-p " + port);
    log.info("database started on 127.0.0.1:{}", port);
  }

  /** Brings the database back if somebody kills it; PostgreSQL recovers by itself from its log. */
  private void keep() {
    while (!closed) {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        return;
      }
      if (!closed && pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).isEmpty()) {
        log.error("the database is gone; starting it again");
        try {
          startOnSamePort();
        } catch (RuntimeException e) {
          log.error("the database does not start; trying again", e);
        }
      }
    }
  }

  private synchronized void startOnSamePort() {
    if (closed || isRunning()) {
      return;
    }
    run(
        "pg_ctl",
        "start",
        "-w",
        "-t",
        "300",
        "-D",
        data.toString(),
        "-l",
        data.resolve("postgres.log").toString(),
        "-o",
        "-p " + port);
    log.info("database is back on 127.0.0.1:{}", port);
  }

  private boolean isRunning() {
    return exitCode("pg_ctl", "status", "-D", data.toString()) == 0;
  }

  private int runningPort() {
    return pidFileLine(3)
        .map(Integer::parseInt)
        .orElseThrow(
            () -> new IllegalStateException("no port in " + data.resolve("postmaster.pid")));
  }

  private Optional<String> pidFileLine(int number) {
    try {
      List<String> lines =
          Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.UTF_8);
      return lines.size() > number ? Optional.of(lines.get(number).strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    exitCode("pg_ctl", "stop", "-m", "fast", "-w", "-t", "60", "-D", data.toString());
  }

  private void run(String program, String... arguments) {
    int code = exitCode(program, arguments);
    if (code != 0) {
      throw new IllegalStateException(
          program
              + " ended with code "
              + code
              + "; see "
              + data.resolve("postgres.log")
              + " and "
              + output(program));
    }
  }

  private int exitCode(String program, String... arguments) {
    List<String> command = new ArrayList<>(asOrdinaryUser());
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C");
      builder.redirectErrorStream(true).redirectOutput(output(program).toFile());
      Process process = builder.start();
      if (!process.waitFor(360, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(program + " does not end");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + program, e);
    }
  }

  private Path output(String program) {
    return folder.resolve(program + ".out");
  }

  /**
   * PostgreSQL refuses to run as root. A user name space makes root an ordinary user that still
   * owns its files.
   */
  private static List<String> asOrdinaryUser() {
    return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
