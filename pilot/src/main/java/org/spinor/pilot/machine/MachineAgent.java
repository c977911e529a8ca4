package org.spinor.pilot.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineAnswer;
import org.spinor.api.SpinorException;
import org.spinor.client.ServerUnreachableException;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;

/** Joins a server and runs its pilots, one after the other, until it is stopped. */
final class MachineAgent {
  /** Exit codes. */
  static final int DONE = 0;

  static final int REFUSED = 1;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration PILOT_END = Duration.ofSeconds(90);

  /** Where lines for people go. */
  interface Teller {
    void say(String line);
  }

  private final MachineSettings settings;
  private final MachineIdentity identity;
  private final MachineLink link;
  private final Map<String, String> environment;
  private final String host;
  private final Teller teller;
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), LONGEST_PAUSE);
  private String said = "";
  private long lastPilot = System.nanoTime();
  private @Nullable PilotChild child;
  private boolean stopped;
  private boolean welcomed;
  private volatile boolean joined;

  MachineAgent(
      MachineSettings settings,
      MachineIdentity identity,
      Map<String, String> environment,
      String host,
      Teller teller) {
    this.settings = settings;
    this.identity = identity;
    this.link = new MachineLink(settings.server(), identity.secret());
    this.environment = environment;
    this.host = host;
    this.teller = teller;
  }

  /**
   * Until it is refused, stopped, or idle for long enough.
   *
   * @return the exit code of the process
   */
  int run() throws InterruptedException, IOException {
    awaitLeftover();
    MachineAnswer answer = call(this::join);
    while (!isStopped()) {
      switch (answer.state()) {
        case Refused -> {
          return refused(answer);
        }
        case Expired -> {
          once("nobody used the code in time; asking for another one");
          pause(answer);
          answer = call(this::join);
        }
        case Asking -> {
          asking(answer);
          pause(answer);
          answer = call(this::ask);
        }
        case Joined -> {
          welcome(answer);
          answer = call(this::ask);
        }
        case Wait, Drain -> {
          welcome(answer);
          once(
              (answer.state() == MachineAnswer.State.Drain
                      ? "no pilot until an operator says so: "
                      : "waits: ")
                  + answer.reason());
          if (idleForLong()) {
            say("no pilot for " + settings.idle().orElseThrow().toSeconds() + " s: ends");
            return DONE;
          }
          pause(answer);
          answer = call(this::ask);
        }
        case Run -> {
          welcome(answer);
          pilot(answer);
          if (isStopped()) {
            return DONE; // whoever stops it gives the place back
          }
          answer = call(this::ask);
        }
      }
    }
    return DONE;
  }

  /** A pilot of this machine may have outlived the program that started it. */
  private void awaitLeftover() throws InterruptedException, IOException {
    Optional<PilotChild> leftover = PilotChild.leftover(record());
    if (leftover.isPresent()) {
      joined = true;
      say("pilot " + leftover.get().stamp() + " runs here already; waiting for its end");
      if (adopt(leftover.get())) {
        follow(leftover.get());
      }
    }
    Files.deleteIfExists(drainFile());
  }

  private MachineAnswer join() {
    return link.join(settings.name(), host, settings.site(), voSecret());
  }

  private @Nullable String voSecret() {
    if (settings.secretFile().isEmpty()) {
      return null;
    }
    Path file = settings.secretFile().get();
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("--secret-file: " + file + " cannot be read", e);
    }
  }

  private void asking(MachineAnswer answer) {
    String code = String.valueOf(answer.code());
    String wanted = settings.site().orElse("SITE");
    once(
        """
        this machine ('%s') asks to join %s. Its code is

            %s

        An operator lets it in with: spinor pilots approve %s --site %s
        Waiting for that ..."""
            .formatted(settings.name(), settings.server(), spaced(code), code, wanted));
  }

  private static String spaced(String code) {
    return code.length() == 8 ? code.substring(0, 4) + "-" + code.substring(4) : code;
  }

  private void welcome(MachineAnswer answer) {
    joined = true;
    MachineAnswer.MachinePlace place = answer.place();
    if (place != null && !welcomed) {
      welcomed = true;
      say(
          "let in: it runs pilots of VO %s at %s (%s, queue %s)"
              .formatted(place.vo(), place.site(), place.ce(), place.queue()));
    }
  }

  private int refused(MachineAnswer answer) throws IOException {
    say("the server does not let this machine in: " + answer.reason());
    say("started again, it asks again");
    identity.forget();
    return REFUSED;
  }

  private boolean idleForLong() {
    return settings.idle().isPresent()
        && System.nanoTime() - lastPilot > settings.idle().get().toNanos();
  }

  // ------------------------------------------------------------------ pilots

  private Path record() {
    return settings.state().resolve("pilot");
  }

  /** While it is there, the pilot takes no job. */
  private Path drainFile() {
    return settings.state().resolve("drain");
  }

  private Path log() {
    return settings.state().resolve("pilot.log");
  }

  private void pilot(MachineAnswer answer) throws InterruptedException, IOException {
    MachineAnswer.MachinePilot pilot = answer.pilot();
    MachineAnswer.MachinePlace place = answer.place();
    if (pilot == null || place == null) {
      throw new IllegalStateException("the server says run, and not what");
    }
    Path script = bootstrap();
    if (Files.exists(log())) {
      Files.move(
          log(), settings.state().resolve("pilot.log.old"), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder = new ProcessBuilder(command(script));
    surround(builder.environment(), pilot, place);
    builder
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(log().toFile());
    PilotChild started = start(builder, pilot.stamp());
    if (started != null) {
      said = "";
      say("pilot " + pilot.stamp() + " begins; its log: " + log());
      follow(started);
      String word = PilotChild.lastWord(log());
      say("pilot " + pilot.stamp() + " has ended" + (word.isEmpty() ? "" : ": " + word));
    }
  }

  /** In a session of its own where that can be had: Ctrl-C in the terminal is for this process. */
  private static List<String> command(Path script) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.addAll(List.of("/bin/sh", script.toString()));
    return command;
  }

  /** The newest one of the server, so that its pilots are of its version. */
  private Path bootstrap() throws InterruptedException, IOException {
    Path script = settings.state().resolve("bootstrap.sh");
    String text = call(link::bootstrap);
    Path part = settings.state().resolve("bootstrap.sh.new");
    Files.writeString(part, text);
    Files.move(part, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return script;
  }

  private void surround(
      Map<String, String> variables,
      MachineAnswer.MachinePilot pilot,
      MachineAnswer.MachinePlace place)
      throws IOException {
    variables.clear();
    variables.putAll(environment);
    // The start script of this program set it; the pilot's own sets it again.
    String locale = variables.remove("SPINOR_PILOT_SAVED_LC_ALL");
    if (locale == null || locale.isEmpty()) {
      variables.remove("LC_ALL");
    } else {
      variables.put("LC_ALL", locale);
    }
    Path work = Files.createDirectories(settings.state().resolve("work"));
    variables.put("SPINOR_SERVER", settings.server().toString());
    variables.put("SPINOR_PILOT_STAMP", pilot.stamp());
    variables.put("SPINOR_PILOT_SECRET", pilot.secret());
    variables.remove("SPINOR_PILOT_SECRET_FILE");
    variables.put("SPINOR_SITE", place.site());
    variables.put("SPINOR_CE", place.ce());
    variables.put("SPINOR_QUEUE", place.queue());
    variables.putIfAbsent("SPINOR_WORK_DIR", work.toString());
    settings.cache().ifPresent(cache -> variables.put("SPINOR_CACHE_DIR", cache));
    settings.ca().ifPresent(ca -> variables.put("SPINOR_CA", ca.toString()));
    // The secrets are out of sight for jobs under bubblewrap. What is told first counts.
    String hidden =
        identity.file() + settings.secretFile().map(file -> "," + file.toAbsolutePath()).orElse("");
    variables.put(
        "SPINOR_PILOT_OPTIONS",
        "--secret-origin=%s --drain-file=%s %s %s"
            .formatted(hidden, drainFile(), settings.pilotOptions(), pilot.options())
            .strip());
  }

  /** Nothing where this machine is being stopped. */
  private synchronized @Nullable PilotChild start(ProcessBuilder builder, String stamp)
      throws IOException {
    if (stopped) {
      return null;
    }
    child = PilotChild.start(builder, stamp, record());
    return child;
  }

  private synchronized boolean adopt(PilotChild leftover) {
    if (!stopped) {
      child = leftover;
    }
    return !stopped;
  }

  /** Until the pilot is over, tells the server that the machine is there. */
  private void follow(PilotChild pilot) throws InterruptedException, IOException {
    Duration pause = Duration.ofSeconds(1);
    while (!pilot.endsWithin(pause)) {
      pause = Duration.ofSeconds(20);
      try {
        MachineAnswer answer = link.heartbeat(pilot.stamp());
        pause = Duration.ofSeconds(Math.clamp(answer.waitSeconds(), 1, 60));
        if (answer.state() != MachineAnswer.State.Joined) {
          once("its pilot takes no more jobs: " + answer.reason());
        }
      } catch (RuntimeException e) {
        // The pilot goes on by itself; what the server does not hear now it hears next time.
        if (Fault.of(e) != Fault.TEMPORARY) {
          once("the server does not want to hear of this machine: " + e.getMessage());
        }
      }
    }
    over();
    lastPilot = System.nanoTime();
  }

  private synchronized void over() throws IOException {
    child = null;
    Files.deleteIfExists(record());
  }

  // ------------------------------------------------------------------ the end

  private synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * For the signal handler: the pilot takes no more, jobs have a while, the place is given back.
   *
   * @return false: it has ended by itself already
   */
  boolean stop() throws InterruptedException, IOException {
    @Nullable PilotChild running;
    synchronized (this) {
      if (stopped) {
        return false;
      }
      stopped = true;
      running = child;
    }
    if (running != null) {
      say(
          "stopping: the pilot takes no more jobs, and what runs has %d s"
              .formatted(settings.stopGrace().toSeconds()));
      Files.writeString(drainFile(), "the machine is being stopped\n");
      if (!running.endsWithin(settings.stopGrace())) {
        running.terminate();
        if (!running.endsWithin(PILOT_END)) {
          running.kill();
        }
      }
      Files.deleteIfExists(record());
    }
    leave();
    return true;
  }

  /** There is nothing to stop any more, but a place to give back. */
  void endedByItself() {
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
    }
    leave();
  }

  private void leave() {
    if (joined) {
      try {
        link.leave();
      } catch (SpinorException | ServerUnreachableException e) {
        say("the server was not told: " + e.getMessage());
      }
    }
    say("stopped");
  }

  // ------------------------------------------------------------------ calls

  private interface Call<T> {
    T make();
  }

  /** One that the server has forgotten asks anew. */
  private MachineAnswer ask() {
    try {
      return link.askForPilot();
    } catch (SpinorException e) {
      if (e.code() != ErrorCode.NOT_AUTHENTICATED) {
        throw e;
      }
      return join();
    }
  }

  /**
   * Again and again while the server is away, busy, or does not take the secret of the VO.
   *
   * @throws SpinorException what was said is wrong, or no such server
   */
  private <T> T call(Call<T> call) throws InterruptedException {
    while (true) {
      try {
        T answer = call.make();
        backoff.reset();
        return answer;
      } catch (SpinorException e) {
        if (Fault.of(e) == Fault.REFUSED) {
          throw e;
        }
        once("the server says: " + e.getMessage() + "; trying again");
      } catch (RuntimeException e) {
        once(e.getMessage() + "; trying again");
      }
      Thread.sleep(backoff.next());
    }
  }

  private static void pause(MachineAnswer answer) throws InterruptedException {
    Thread.sleep(Backoff.jittered(Duration.ofSeconds(Math.clamp(answer.waitSeconds(), 1, 600))));
  }

  private void once(@Nullable String line) {
    String text = String.valueOf(line);
    if (!text.equals(said)) {
      said = text;
      say(text);
    }
  }

  private void say(String line) {
    teller.say(line);
  }
}
