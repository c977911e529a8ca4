package org.spinor.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.spinor.api.TokenResponse;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.client.CredentialStore;
import org.spinor.client.Json;
import org.spinor.client.SpinorClient;

/** One run of the demo, from nothing to nothing: whatever it starts, it ends. */
final class Demo implements AutoCloseable {
  /** The VO of the configuration that a server makes itself. */
  static final String VO = "spinor";

  static final String TOKEN_LIFE = "8h";
  private static final int TOKEN_SECONDS = 8 * 3600;
  private static final String USER = "demo";

  private final Context context;
  private final Launcher launcher;
  private final Path data;
  private final boolean json;
  private final Narrator narrator;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Instant start;
  private final Thread hook;
  private String firstJob = "";
  private volatile @Nullable DemoServer server;
  private volatile @Nullable SpinorClient operator;
  private volatile @Nullable DemoReport report;

  Demo(Context context, Launcher launcher, Path data, boolean json) {
    this.context = context;
    this.launcher = launcher;
    this.data = data;
    this.json = json;
    this.narrator = new Narrator(context.terminal(), json);
    this.start = context.clock().instant();
    this.hook = new Thread(this::interrupted, "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Does it all once; the server stays up. */
  DemoReport run(int port, int showers) throws IOException, InterruptedException {
    Terminal terminal = context.terminal();
    terminal.say("starting a server with its database in " + data);
    DemoServer started = DemoServer.start(launcher, data, port);
    server = started;
    terminal.say("it serves at " + started.address() + " after " + Times.shown(elapsed()));
    String operatorToken =
        started.token(
            "admin", "admin", List.of("ServiceAdministrator", "JobAdministrator", "NormalUser"));
    operator = SpinorClient.at(started.address(), () -> operatorToken);
    String userToken = started.token(USER, "user", List.of());
    saveLogin(userToken);
    SpinorClient user = SpinorClient.at(started.address(), () -> userToken);
    String group = "demo-" + start.getEpochSecond();
    DemoRun run =
        new DemoRun(context, user, narrator, new Workload(context, user, group), data, start);
    DemoReport outcome = run.run(launcher.examples(), showers, started.address(), started::isAlive);
    report = outcome;
    firstJob = run.firstJob();
    summarise(outcome);
    if (json) {
      terminal.out().println(Json.write(outcome));
      terminal.out().flush();
    }
    return outcome;
  }

  private void saveLogin(String token) {
    new CredentialStore(credentials(), context.clock())
        .save(new TokenResponse(token, TOKEN_SECONDS, "Bearer", null));
  }

  private Path credentials() {
    return data.resolve("credentials.json");
  }

  private Duration elapsed() {
    return Duration.between(start, context.clock().instant());
  }

  private void summarise(DemoReport outcome) {
    narrator.say("");
    narrator.say(
        outcome.ok()
            ? narrator.styled(Style.GREEN, "Everything ended as it should.")
            : narrator.styled(Style.RED, "Not everything ended as it should:"));
    outcome.problems().forEach(problem -> narrator.say("  - " + problem));
    narrator.say(
        String.format(
            java.util.Locale.ROOT,
            "%,d jobs in %.1f s (first output after %s s, %.0f showers a second)",
            outcome.jobs(),
            outcome.secondsTotal(),
            outcome.secondsToFirstOutput(),
            outcome.jobsPerSecond()));
  }

  private void suggest(URI address) {
    String spinor =
        launcher.home().equals(context.directory()) ? "./spinor" : launcher.script().toString();
    narrator.say("");
    narrator.say("Portal: " + address + "/");
    narrator.say("Try in another terminal:");
    narrator.say(
        "  export SPINOR_URL=" + address + " DIRACX_CREDENTIALS_PATH=" + quoted(credentials()));
    narrator.say("  " + spinor + " jobs list");
    narrator.say("  " + spinor + " jobs show " + firstJob);
    narrator.say("  " + spinor + " jobs summary --by JobName,Status");
    narrator.say("  " + spinor + " jobs submit --command 'hostname; date' --wait");
    narrator.say("  " + spinor + " pilots list");
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./@%+=:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Waits for Ctrl-C, or for the server to end. */
  void stayUp() throws InterruptedException {
    DemoServer running = server;
    if (running == null) {
      return;
    }
    suggest(running.address());
    context.terminal().say("");
    context.terminal().say("The server stays up until Ctrl-C.");
    running.awaitEnd();
    throw new Failure(ExitCode.FAILED, "the server ended by itself; see " + data.resolve("logs"));
  }

  /** On Ctrl-C and SIGTERM; a demo that had done its work ends well all the same. */
  private void interrupted() {
    end();
    DemoReport outcome = report;
    if (outcome != null) {
      context.terminal().out().flush();
      Runtime.getRuntime().halt(outcome.ok() ? ExitCode.DONE : ExitCode.FAILED);
    }
  }

  /**
   * After Ctrl-C, what goes wrong because everything is being ended is not worth a word: the caller
   * stays here until the process is gone.
   */
  void holdIfEnding() throws InterruptedException {
    if (closed.get()) {
      new CountDownLatch(1).await();
    }
  }

  private void end() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    DemoServer running = server;
    if (running != null) {
      context.terminal().say("ending the demo's pilots and server");
      SpinorClient known = operator;
      if (known != null) {
        new PilotEnd(known).killAll();
      }
      running.close();
    }
    int left = Leftovers.end(data);
    if (left > 0) {
      context.terminal().say("ended " + left + " processes that were left");
    }
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends already: the hook finds nothing left to do
    }
  }
}
