package org.spinor.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;

/**
 * The demo's server: a process of its own, in a session of its own where the system can do that, so
 * that Ctrl-C on the terminal reaches the demo alone and the demo ends everything in good order.
 */
final class DemoServer implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s,;)]+");
  private static final String OPTIONS = "SPINOR_SERVER_OPTS";

  /** Half the work of a start; a demo is over before the second one has paid. */
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration TOKEN_LIMIT = Duration.ofMinutes(1);
  private static final int LAST_LINES = 15;

  private final Launcher launcher;
  private final Path data;
  private final Process process;
  private final URI address;

  private DemoServer(Launcher launcher, Path data, Process process, URI address) {
    this.launcher = launcher;
    this.data = data;
    this.process = process;
    this.address = address;
  }

  /**
   * Starts a server and waits until it serves.
   *
   * @param port 0: any free one
   * @throws Failure it does not start; with what it said last
   */
  static DemoServer start(Launcher launcher, Path data, int port) throws IOException {
    Files.createDirectories(data);
    Leftovers.stopOrphan(data);
    Path log = data.resolve("demo-server.log");
    List<String> command = new ArrayList<>(Launcher.ownSession());
    command.add(launcher.script().toString());
    command.addAll(List.of("server", "--data", data.toString(), "--port", Integer.toString(port)));
    ProcessBuilder builder =
        launcher.process(command).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    builder
        .environment()
        .merge(OPTIONS, FIRST_COMPILER, (theirs, _) -> FIRST_COMPILER + " " + theirs);
    Process process = builder.start();
    process.getOutputStream().close();
    Leftovers.remember(data);
    CompletableFuture<URI> serving = new CompletableFuture<>();
    Thread.ofVirtual().name("server-output").start(() -> read(process, serving));
    try {
      return new DemoServer(
          launcher, data, process, serving.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException | ExecutionException e) {
      process.destroy();
      throw new Failure(ExitCode.FAILED, "the server did not start; it said last:", last(log));
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted");
    }
  }

  /** Its one line says where it serves; the rest must be read lest it blocks. */
  private static void read(Process process, CompletableFuture<URI> serving) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher address = ADDRESS.matcher(line);
        if (address.find()) {
          serving.complete(URI.create(address.group()));
        }
      }
    } catch (IOException e) {
      // the process ended; said below
    }
    serving.completeExceptionally(new IOException("the server ended"));
  }

  private static String[] last(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return last.toArray(String[]::new);
    } catch (IOException e) {
      return new String[] {"nothing (" + log + ")"};
    }
  }

  URI address() {
    return address;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  /**
   * Makes an access token as an operator of the host does.
   *
   * @param properties besides those of the group
   */
  String token(String user, String group, List<String> properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.script().toString());
    command.addAll(List.of("admin", "token", "--data", data.toString(), "--vo", Demo.VO));
    command.addAll(List.of("--group", group, "--user", user, "--expires", Demo.TOKEN_LIFE));
    for (String property : properties) {
      command.addAll(List.of("--property", property));
    }
    Path complaints = data.resolve("demo-token.log");
    Process admin =
        launcher
            .process(command)
            .redirectError(ProcessBuilder.Redirect.to(complaints.toFile()))
            .start();
    admin.getOutputStream().close();
    String token;
    try (BufferedReader lines = admin.inputReader()) {
      token = String.valueOf(lines.readLine());
    }
    try {
      if (admin.waitFor(TOKEN_LIMIT.toSeconds(), TimeUnit.SECONDS) && admin.exitValue() == 0) {
        return token.strip();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.destroy();
    throw new Failure(ExitCode.FAILED, "no token from the server; it said:", last(complaints));
  }

  /** Stops it in good order; by force where it does not want to. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Leftovers.forget(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
