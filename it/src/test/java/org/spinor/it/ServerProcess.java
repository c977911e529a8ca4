package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own on a data folder of its own; it can be killed and started again
 * on the same folder and port.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  /** Of {@code postmaster.pid}, from 0. */
  private static final int PORT_LINE = 3;

  private final Path data;
  private final int port;
  private final List<String> options;
  private final Map<String, String> environment;
  private @Nullable Process process;

  private ServerProcess(Path data, List<String> options, Map<String, String> environment) {
    this.data = data;
    this.port = freePort();
    this.options = List.copyOf(options);
    this.environment = Map.copyOf(environment);
  }

  /** Starts a server on a fresh data folder and waits until it is ready. */
  static ServerProcess start(String... options) {
    return start(Map.of(), List.of(options));
  }

  static ServerProcess start(Map<String, String> environment, List<String> options) {
    try {
      return start(freshFolder(), environment, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerProcess start(
      Path data, Map<String, String> environment, List<String> options) {
    ServerProcess server = new ServerProcess(data, options, environment);
    server.startAgain();
    return server;
  }

  private static Path freshFolder() throws IOException {
    Files.createDirectories(HOME.resolve("it/target"));
    return Files.createTempDirectory(HOME.resolve("it/target"), "server-");
  }

  /**
   * A second server over the same external database, with all that the operator's page on several
   * servers wants in common.
   */
  ServerProcess second() {
    try {
      Path folder = freshFolder();
      Files.createSymbolicLink(folder.resolve("sandboxes"), data.resolve("sandboxes"));
      Path links = Path.of("secrets", "sandbox-links");
      Files.createDirectories(folder.resolve("secrets"));
      Files.copy(data.resolve(links), folder.resolve(links), StandardCopyOption.COPY_ATTRIBUTES);
      Map<String, String> common = new HashMap<>(environment);
      common.put("SPINOR_KEYSTORE", data.resolve("secrets/jwks.json").toString());
      return start(folder, common, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server with the given configuration (YAML text) and further options. */
  public static ServerProcess withConfiguration(String yaml, String... options) {
    return withConfiguration(yaml, Map.of(), options);
  }

  /**
   * The same with variables of the environment.
   *
   * @param environment settings, as {@code SPINOR_REDIRECTS}
   */
  public static ServerProcess withConfiguration(
      String yaml, Map<String, String> environment, String... options) {
    try {
      Files.createDirectories(HOME.resolve("it/target"));
      Path file = Files.createTempFile(HOME.resolve("it/target"), "config-", ".yml");
      Files.writeString(file, yaml);
      List<String> all = new ArrayList<>(List.of("--config", file.toString()));
      all.addAll(List.of(options));
      return start(environment, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command of {@code spinor admin} with these arguments; more may follow. */
  static List<String> admin(String... arguments) {
    List<String> command = jar();
    command.add("admin");
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * The server's program with little work in its start: the first compiler alone takes half, and
   * none of these lives for longer than minutes; a quarter of the rest is spared by the classes, as
   * loaded, that the first server to end leaves to all others.
   */
  private static List<String> jar(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:SharedArchiveFile=" + HOME.resolve("it/target/server.jsa"),
                "-Xlog:disable",
                "-Xlog:all=error:stderr"));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", HOME.resolve("server/target/server.jar").toString()));
    return command;
  }

  public void startAgain() {
    List<String> command = jar("-Xmx1g", "-XX:+AutoCreateSharedArchive", "-Dspinor.home=" + HOME);
    command.addAll(List.of("--data", data.toString(), "--port", Integer.toString(port)));
    command.addAll(options);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until("the server is ready; see " + log(), Duration.ofMinutes(5), this::ready);
  }

  private boolean ready() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      throw new AssertionError("the server ended: " + tail());
    }
    return Api.anonymous(url()).status("GET", "/api/health/ready", null) == 200;
  }

  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  public Path data() {
    return data;
  }

  public Path log() {
    return data.resolveSibling(data.getFileName() + ".out");
  }

  /**
   * As a power cut would end it. The database and the pilots are processes of their own and live
   * on.
   */
  void killHard() {
    signal(process(), "KILL");
  }

  /** Runs a program until it ends; what it said, with its exit code as the last line. */
  private static String outputOf(List<String> command) {
    try {
      Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output + program.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the server throw away what nobody holds on to. jcmd has little patience with it. */
  void collectGarbage() {
    String jcmd = JAVA.resolveSibling("jcmd").toString();
    List<String> command = List.of(jcmd, Long.toString(process().pid()), "GC.run");
    List<String> said = new ArrayList<>();
    Await.until(
        () -> "the server is reached: " + said,
        Duration.ofMinutes(2),
        () -> {
          said.add(outputOf(command));
          return said.getLast().endsWith("0");
        });
  }

  /** What a second server on the same folder says, with its exit code as the last line. */
  String secondServer() {
    return outputOf(
        List.of(
            JAVA.toString(),
            "-jar",
            HOME.resolve("server/target/server.jar").toString(),
            "--data",
            data.toString(),
            "--port",
            "0",
            "--once"));
  }

  /** As systemd would end it. */
  public int terminate() {
    Process running = process();
    signal(running, "TERM");
    try {
      if (!running.waitFor(3, TimeUnit.MINUTES)) {
        throw new AssertionError("SIGTERM does not end the server: " + tail());
      }
      return running.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  private static void signal(Process process, String name) {
    Processes.signal(process.pid(), name);
    if (name.equals("KILL")) {
      Await.until("process is gone", Duration.ofMinutes(1), () -> !process.isAlive());
    }
  }

  /** A token made on the server's host, as an operator would. */
  public String token(String group, String user, String... properties) {
    List<String> command = admin("token", "--data", data.toString(), "--vo", "spinor");
    command.addAll(List.of("--group", group, "--user", user));
    for (String property : properties) {
      command.addAll(List.of("--property", property));
    }
    try {
      Process maker =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String token =
          new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (maker.waitFor() != 0 || token.isEmpty()) {
        throw new AssertionError("admin token ended with " + maker.exitValue());
      }
      return token;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Api as(String group, String user, String... properties) {
    return new Api(url(), token(group, user, properties));
  }

  private String tail() {
    try (Stream<String> lines = Files.lines(log())) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends the server, its database and whatever pilots it started. */
  @Override
  public void close() {
    Process running = process;
    if (running != null && running.isAlive()) {
      terminate();
    }
    Processes.withMark("SPINOR_DATA=" + data).forEach(pid -> Processes.signal(pid, "KILL"));
    databasePid().ifPresent(pid -> Processes.signal(pid, "QUIT"));
  }

  /** The postmaster's process, where it runs; its file is empty for a moment. */
  Optional<Long> databasePid() {
    try {
      return Files.readAllLines(data.resolve("postgres/postmaster.pid")).stream()
          .findFirst()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .map(Long::valueOf);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The address of its embedded database, as {@code --db-url} takes it. */
  String databaseUrl() {
    try {
      String port =
          Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(PORT_LINE).strip();
      String password = Files.readString(data.resolve("secrets/postgres-password")).strip();
      return "postgresql://spinor:%s@localhost:%s/postgres"
          .formatted(URLEncoder.encode(password, StandardCharsets.UTF_8), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last line of its log, from its time on, that has this text; empty: there is none. */
  String lastLogged(String text) {
    try (Stream<String> lines = Files.lines(data.resolve("logs/server.log"))) {
      return lines.filter(line -> line.contains(text)).reduce("", (_, line) -> line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
