package org.spinor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of the benchmark's own, as {@code spinor server} starts it, on a data folder that goes
 * away with it.
 */
final class ServerUnderLoad implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home", ".")).toAbsolutePath();
  private static final String CONFIGURATION =
      """
      DIRAC:
        NoSetup: true
      Registry:
        bench:
          DefaultGroup: user
          Users:
            bench: {PreferedUsername: bench}
          Groups:
            user: {Properties: [NormalUser], Users: [bench]}
            pilot: {Properties: [GenericPilot], Users: [bench]}
      Resources:
        Sites:
          BENCH.Site.org:
            CEs:
              ce:
                CEType: Local
                Queues:
                  default: {CPUTime: 2000000, NumberOfProcessors: 64, MaxRAM: 256000, IdlePilots: 0, MaxTotalPilots: 0}
      """;
  static final String SITE = "BENCH.Site.org";
  static final String VO = "bench";

  private final Path data;
  private final int port;
  private final Process process;
  private final boolean keep;

  private ServerUnderLoad(Path data, int port, Process process, boolean keep) {
    this.data = data;
    this.port = port;
    this.process = process;
    this.keep = keep;
  }

  static ServerUnderLoad start(boolean keep) {
    try {
      Path data = Files.createTempDirectory("spinor-bench-");
      Path configuration = data.resolve("bench.yml");
      Files.writeString(configuration, CONFIGURATION);
      int port = freePort();
      say("starting a server on " + data);
      Process process =
          launcher(
                  "server",
                  "--data",
                  data.resolve("data").toString(),
                  "--port",
                  Integer.toString(port),
                  "--config",
                  configuration.toString())
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("server.out").toFile())
              .start();
      ServerUnderLoad server = new ServerUnderLoad(data, port, process, keep);
      server.waitUntilReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder launcher(String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("spinor").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPINOR_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private void waitUntilReady() {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the server ended: see " + data.resolve("server.out"));
      }
      try (Wire wire = new Wire(port)) {
        if (wire.send("GET", "/api/health/ready", "", "").status() == 200) {
          return;
        }
      } catch (UncheckedIOException e) {
        // Not listening yet.
      }
      sleep(100);
    }
    throw new IllegalStateException(
        "the server is not ready after three minutes: see " + data.resolve("server.out"));
  }

  int port() {
    return port;
  }

  String token(String group, String user) {
    try {
      Process maker =
          launcher(
                  "admin",
                  "token",
                  "--data",
                  data.resolve("data").toString(),
                  "--vo",
                  VO,
                  "--group",
                  group,
                  "--user",
                  user,
                  "--property",
                  group.equals("pilot") ? "GenericPilot" : "NormalUser",
                  "--expires",
                  "8h")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String token =
          new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (maker.waitFor() != 0) {
        throw new IllegalStateException("admin token failed with code " + maker.exitValue());
      }
      return token;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Heap in use after a full collection, MB. */
  long heapMb() {
    jcmd("GC.run");
    Matcher used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
    return used.find() ? Long.parseLong(used.group(1)) / 1024 : -1;
  }

  private String jcmd(String command) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(this.process.pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One number from the database itself: what the server says is not enough. */
  long count(String sql) {
    try {
      Path folder = data.resolve("data");
      String databasePort =
          Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(3).strip();
      String password = Files.readString(folder.resolve("secrets/postgres-password")).strip();
      try (Connection connection =
              DriverManager.getConnection(
                  "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres", "spinor", password);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The end of every benchmark's figures. */
  void describe(SequencedMap<String, Object> figures) {
    figures.put("cores", Runtime.getRuntime().availableProcessors());
    figures.put("server_heap_mb", heapMb());
  }

  static void say(String text) {
    System.err.println(text);
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (keep) {
      say("kept: " + data);
      return;
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      say("could not remove " + data + ": " + e);
    }
  }
}
