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
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of the benchmark's own, as {@code spinor server} starts it, on a data folder that goes
 * away with it.
 */
final class ServerUnderLoad implements AutoCloseable {
  static final Path HOME = Path.of(System.getProperty("spinor.home", ".")).toAbsolutePath();

  /** Who may use the server of a benchmark. */
  static final String REGISTRY =
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
      """;

  private static final String ONE_QUEUE =
      """
      Resources:
        Sites:
          BENCH.Site.org:
            CEs:
              ce:
                CEType: Local
                Queues:
                  default: {CPUTime: 2000000, NumberOfProcessors: 64, MaxRAM: 256000, IdlePilots: 0, MaxTotalPilots: 0}
      """;
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SPINOR_BUILD", "never", "JAVA_HOME", System.getProperty("java.home"));
  static final String SITE = "BENCH.Site.org";
  static final String VO = "bench";

  private final Path data;
  private final int port;
  private final boolean keep;
  private Child process;

  private ServerUnderLoad(Path data, int port, Child process, boolean keep) {
    this.data = data;
    this.port = port;
    this.process = process;
    this.keep = keep;
  }

  static ServerUnderLoad start(boolean keep) {
    return start(keep, REGISTRY + ONE_QUEUE, data -> {});
  }

  /**
   * @param configuration what stands in its file
   * @param prepare what is put into its data folder before it begins
   */
  static ServerUnderLoad start(boolean keep, String configuration, Consumer<Path> prepare) {
    try {
      Path data = Files.createTempDirectory("spinor-bench-");
      Files.writeString(data.resolve("bench.yml"), configuration);
      prepare.accept(data.resolve("data"));
      int port = freePort();
      say("starting a server on " + data);
      Child process = serve(data, port);
      ServerUnderLoad server = new ServerUnderLoad(data, port, process, keep);
      server.waitUntilReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Child serve(Path data, int port) {
    return Child.start(
        data.resolve("server.out"),
        ENVIRONMENT,
        List.of(
            HOME.resolve("spinor").toString(),
            "server",
            "--data",
            data.resolve("data").toString(),
            "--port",
            Integer.toString(port),
            "--config",
            data.resolve("bench.yml").toString()));
  }

  /** Ends the server as an operator would and starts it again on what it left behind. */
  void restart() {
    process.close();
    process = serve(data, port);
    waitUntilReady();
  }

  private static ProcessBuilder launcher(String... arguments) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("spinor").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  private void waitUntilReady() {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (System.nanoTime() < end) {
      process.requireAlive();
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

  /** CPU time of the server so far, without its database. */
  long cpuMillis() {
    return process.cpuMillis();
  }

  /** CPU time of its database so far: a daemon, no child of the server. */
  long databaseCpuMillis() {
    try {
      String pid = Files.readAllLines(data.resolve("data/postgres/postmaster.pid")).getFirst();
      return ProcessHandle.of(Long.parseLong(pid.strip())).map(Child::cpuMillis).orElse(0L);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String jcmd(String command) {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(process.pid()),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One number from the database itself: what the server says is not enough. */
  long count(String sql) {
    try (Connection connection = database();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Statements at the database itself, each in a transaction of its own. */
  void execute(List<String> sql) {
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection database() throws SQLException {
    try {
      Path folder = data.resolve("data");
      String databasePort =
          Files.readAllLines(folder.resolve("postgres/postmaster.pid")).get(3).strip();
      String password = Files.readString(folder.resolve("secrets/postgres-password")).strip();
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres", "spinor", password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.close();
    if (keep) {
      say("kept: " + data);
    } else {
      Child.delete(data);
    }
  }
}
