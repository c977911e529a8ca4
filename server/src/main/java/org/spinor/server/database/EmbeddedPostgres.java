package org.spinor.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * A real PostgreSQL in the server's data folder, started, watched and stopped by this server. It is
 * a process of its own: where the server dies by kill -9 the database lives on, and the next server
 * on the same folder takes it over.
 */
final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  static final String USER = "spinor";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  // Below the ports that systems give to outgoing connections, so that nobody takes ours by
  // accident while the database is away.
  private static final int FIRST_PORT = 15_432;
  private static final int PORTS = 2000;

  private final PostgresPrograms programs;
  private final Path data;
  private final Path startLog;
  private final String password;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int port;

  /**
   * @param folder the server's data folder; the database stands in {@code postgres}, its password
   *     in {@code secrets}
   * @param durable false: commits do not wait for the disk (tests)
   * @throws SpinorException it does not start, with the last lines of what PostgreSQL says
   */
  EmbeddedPostgres(Path folder, boolean durable) {
    this.data = folder.resolve("postgres");
    Path logs = folder.resolve("logs");
    this.startLog = data.resolve("start.log");
    this.programs =
        new PostgresPrograms(
            PostgresBinaries.unpacked(folder.resolve("programs")).resolve("bin"), logs);
    try {
      this.password = password(folder.resolve("secrets"));
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialise(folder);
      }
      if (running()) {
        log.info("taking over the running database of {}", data);
        this.port = runningPort();
        awaitReady();
      } else {
        PostgresSettings.write(data, durable);
        programs.own(data);
        start(freePort());
      }
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "cannot make a database in %s: %s".formatted(data, e.getMessage()));
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
    return password;
  }

  /** The process id of the postmaster, where it runs. */
  Optional<Long> pid() {
    return pidFileLine(0).map(Long::valueOf);
  }

  private static String password(Path secrets) throws IOException {
    Path file = secrets.resolve("postgres-password");
    if (Files.exists(file) && Files.size(file) > 0) {
      return Files.readString(file).strip();
    }
    Files.createDirectories(secrets);
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path fresh = secrets.resolve("postgres-password.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, password);
    Files.move(fresh, file);
    return password;
  }

  /** In a folder of its own first: a start that is cut short leaves no half database behind. */
  private void initialise(Path folder) throws IOException {
    Path fresh = folder.resolve("postgres.new");
    if (Files.exists(fresh)) {
      try (Stream<Path> old = Files.walk(fresh)) {
        for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Path cluster = fresh.resolve("cluster");
    Files.createDirectories(cluster);
    Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwx------"));
    Path passwordFile = fresh.resolve("password");
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, password);
    programs.own(fresh);
    programs.run(
        "initdb",
        "-D",
        cluster.toString(),
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
    Files.move(cluster, data);
    Files.delete(passwordFile);
    Files.delete(fresh);
  }

  private synchronized void start(int onPort) {
    if (isClosed()) {
      return;
    }
    forgetForeignProcess();
    port = onPort;
    try {
      Files.deleteIfExists(startLog);
    } catch (IOException e) {
      log.debug("the old {} stays", startLog, e);
    }
    int code =
        programs.exitCode(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            String.valueOf(PATIENCE.toSeconds()),
            "-D",
            data.toString(),
            "-l",
            startLog.toString(),
            "-o",
            "-p " + port);
    if (code != 0) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE, "the database in " + data + " does not start:", lastWords());
    }
    log.info("database started on 127.0.0.1:{}", port);
  }

  /** What PostgreSQL said last, wherever it said it. */
  private List<String> lastWords() {
    Stream<String> collected = Stream.of();
    try (Stream<Path> logs = Files.list(data.resolve("log"))) {
      collected =
          logs.max(Comparator.comparingLong(file -> file.toFile().lastModified())).stream()
              .flatMap(file -> PostgresPrograms.lastLines(file).stream());
    } catch (IOException e) {
      log.debug("no log of the database", e);
    }
    return Stream.concat(PostgresPrograms.lastLines(startLog).stream(), collected).toList();
  }

  /** Brings the database back if somebody kills it; PostgreSQL recovers by itself from its log. */
  private void keep() {
    while (true) {
      try {
        if (closed.await(500, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      if (!processLives()) {
        bringBack();
      }
    }
  }

  private synchronized void bringBack() {
    if (isClosed() || running()) {
      return;
    }
    log.error("the database is gone; starting it again");
    try {
      start(port);
    } catch (SpinorException e) {
      // Processes of the old one may still be on their way out: the next look tries again.
      log.warn("{} {}", e.getMessage(), String.join(" | ", e.problems()));
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Whether the process that the pid file names is there; it may be anybody's. */
  private boolean processLives() {
    return pid().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).isPresent();
  }

  /** Whether the process that the pid file names is the postmaster of this folder. */
  private boolean running() {
    return processLives() && pid().map(this::isOurs).orElse(false);
  }

  private boolean isOurs(long pid) {
    try {
      String commandLine =
          Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
      return commandLine.contains("postgres") && commandLine.contains(data.toString());
    } catch (IOException e) {
      // No such place in this system (macOS), or the process has just ended.
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().command())
          .map(command -> command.contains("postgres"))
          .orElse(false);
    }
  }

  /** After a crash of the machine the number in the pid file may belong to any other process. */
  private void forgetForeignProcess() {
    if (processLives() && !running()) {
      log.warn("the pid file of {} is left over from another time", data);
      try {
        Files.deleteIfExists(data.resolve("postmaster.pid"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A database that is taken over may be recovering, or on its way out. */
  private void awaitReady() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String reason = "";
    while (System.nanoTime() < end) {
      if (!running()) {
        start(freePort());
        return;
      }
      try (Connection connection =
          DriverManager.getConnection(jdbcUrl("postgres"), USER, password)) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        reason = String.valueOf(e.getMessage());
        if ("28P01".equals(e.getSQLState())) {
          throw new SpinorException(
              ErrorCode.UNAVAILABLE,
              "the database in %s does not take the password in secrets/postgres-password: %s"
                  .formatted(data, reason));
        }
      }
      sleep();
    }
    throw new SpinorException(
        ErrorCode.UNAVAILABLE,
        "the running database in %s takes no connections: %s".formatted(data, reason));
  }

  private static void sleep() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the database", e);
    }
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
    closed.countDown();
    synchronized (this) {
      int code =
          programs.exitCode(
              "pg_ctl", "stop", "-m", "fast", "-w", "-t", "60", "-D", data.toString());
      if (code == 0) {
        log.info("database stopped");
      }
    }
  }

  private int freePort() {
    int start = Math.floorMod(data.hashCode(), PORTS);
    for (int i = 0; i < PORTS; i++) {
      int candidate = FIRST_PORT + (start + i) % PORTS;
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate), 1);
        return candidate;
      } catch (IOException e) {
        log.debug("port {} is taken", candidate);
      }
    }
    throw new SpinorException(ErrorCode.UNAVAILABLE, "no free port for the database");
  }
}
