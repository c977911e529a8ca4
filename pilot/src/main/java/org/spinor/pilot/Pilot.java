package org.spinor.pilot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.log.LogSpool;
import org.spinor.pilot.node.CpuPower;
import org.spinor.pilot.node.Host;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.NodeProbe;
import org.spinor.pilot.node.TimeLeft;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.ControlGroups;
import org.spinor.pilot.payload.Payload;
import org.spinor.pilot.payload.ProcessTable;
import org.spinor.pilot.wrapper.JobWrapper;
import org.spinor.pilot.wrapper.NodeFacts;
import org.spinor.pilot.wrapper.WorkTools;

/** The pilot's life: secret, node test and description, work, end. */
final class Pilot {
  /** Exit codes of the pilot's process. */
  static final int DONE = 0;

  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

  private final PilotSettings settings;
  private final Host host;
  private final LogSpool spool;
  private final Log log;
  private final ServerLink link;
  private final TimeLeft timeLeft;
  private final String version;
  private @Nullable LogStreamer streamer;
  private volatile @Nullable WorkLoop work;
  private @Nullable Ending ended;

  Pilot(PilotSettings settings, String secret, Host host, LogSpool spool, Log log, String version) {
    this.settings = settings;
    this.host = host;
    this.spool = spool;
    this.log = log;
    this.version = version;
    InstantSource clock = InstantSource.system();
    this.link = new ServerLink(settings.server(), settings.stamp(), secret, REQUEST_LIMIT, clock);
    this.timeLeft = new TimeLeft(host, clock, Instant.now(), settings.node().maxWall());
  }

  /**
   * Does everything.
   *
   * @return the exit code of the process
   */
  int run() throws InterruptedException {
    log.info(
        "pilot " + settings.stamp() + ", version " + version + ", server " + settings.server());
    Ending ending;
    try {
      ending = live();
    } catch (RuntimeException e) {
      log.error("the pilot failed", e);
      ending = new Ending(false, "the pilot failed: " + e);
    }
    return finish(ending);
  }

  /**
   * The process is told to end: jobs are given back, the server is told. For the signal handler.
   */
  void terminate(String why) throws InterruptedException {
    if (over()) {
      return; // the process ends because the pilot has
    }
    WorkLoop loop = work;
    if (loop != null) {
      loop.stop(why);
    }
    finish(new Ending(true, why));
  }

  private synchronized boolean over() {
    return ended != null;
  }

  private Ending live() throws InterruptedException {
    Optional<Ending> refused = authenticate();
    if (refused.isPresent()) {
      return refused.get();
    }
    startLog();
    Path workDir = settings.place().workDir();
    List<String> problems = new ArrayList<>();
    Node node = describe(workDir);
    problems.addAll(settings.nodeTest().problems(host, workDir, node.memoryMb()));
    problems.addAll(settings.nodeTest().clockProblems(link.clock().difference()));
    if (!problems.isEmpty()) {
      return unfit(problems);
    }
    try {
      Containment containment = settings.isolation().decide(workDir, log);
      log.info("payloads are contained by: " + containment.name());
      return work(node, tools(workDir, containment, node));
    } catch (IOException e) {
      return unfit(List.of(String.valueOf(e.getMessage())));
    }
  }

  private Ending unfit(List<String> problems) {
    problems.forEach(problem -> log.error("the node is not fit: " + problem));
    return new Ending(false, "the node is not fit: " + String.join("; ", problems));
  }

  private Optional<Ending> authenticate() throws InterruptedException {
    Backoff backoff = new Backoff(settings.work().ending().retryPause(), Duration.ofMinutes(1));
    long giveUp = System.nanoTime() + settings.work().ending().serverPatience().toNanos();
    while (true) {
      try {
        link.authenticate();
        return Optional.empty();
      } catch (RuntimeException e) {
        boolean temporary = Fault.of(e) == Fault.TEMPORARY;
        log.warn((temporary ? "the server does not answer: " : "refused: ") + e.getMessage());
        if (!temporary || System.nanoTime() - giveUp > 0) {
          return Optional.of(new Ending(false, "no token: " + e.getMessage()));
        }
        Thread.sleep(backoff.next());
      }
    }
  }

  private synchronized void startLog() {
    streamer = new LogStreamer(link, spool, settings.work().ending().retryPause());
  }

  private Node describe(Path workDir) throws InterruptedException {
    NodeProbe probe = new NodeProbe(host, settings.node());
    double power = settings.node().cpuPower();
    if (power == 0) {
      String key = System.getProperty("os.arch") + "-" + probe.cores() + "-cores";
      power =
          CpuPower.cachedOrMeasured(
              settings.place().cacheDir().resolve("spinor-cpu-power"), key, probe.cores());
    }
    Node node = probe.probe(workDir, power);
    node.asText().forEach((name, value) -> log.info("node: " + name + " = " + value));
    timeLeft
        .left()
        .ifPresent(left -> log.info("time left in the slot: " + left.toSeconds() + " s"));
    return node;
  }

  private WorkTools tools(Path workDir, Containment containment, Node node)
      throws IOException, InterruptedException {
    ControlGroups groups = ControlGroups.find();
    log.info(groups.describe());
    return new WorkTools(
        workDir,
        Payload.writeGuard(workDir),
        new ProcessTable(),
        containment,
        settings.isolation().images(workDir, node.containers(), log),
        groups,
        timeLeft,
        link.clock(),
        System.getenv(),
        System.getProperty("java.home", ""));
  }

  private Ending work(Node node, WorkTools tools) throws InterruptedException {
    PilotSettings.Place place = settings.place();
    NodeFacts facts =
        new NodeFacts(node, settings.stamp(), place.site(), place.ce(), place.queue(), version);
    say(PilotStatus.Running, "", node.cpuPower());
    WorkSettings wanted = settings.work();
    GpuShares gpus = GpuShares.of(node.gpus(), System.getenv());
    Slots slots =
        new Slots(node.cores(), node.memoryMb(), wanted.pool(), wanted.maxParallel(), gpus);
    Duration wrapUp = settings.wrapper().watchdog().wrapUp();
    WorkLoop loop =
        new WorkLoop(
            link,
            wanted,
            new Offers(node, wanted, timeLeft, wrapUp, tools.images().any()),
            slots,
            log);
    RunningJobs jobs =
        new RunningJobs(
            (job, variables) ->
                new JobWrapper(
                    job,
                    link.job(job),
                    facts,
                    tools.with(variables),
                    settings.wrapper(),
                    log.named("job " + job.jobId() + "." + job.attempt())),
            loop::ended,
            log);
    work = loop;
    try (HeartbeatLoop heartbeats =
        new HeartbeatLoop(link, jobs, loop, node, timeLeft, version, log.named("heartbeat"))) {
      heartbeats.start(wanted.ending().heartbeat(), wanted.ending().retryPause());
      return loop.run(jobs);
    }
  }

  /** Says the last word, once, whoever comes first. */
  private synchronized int finish(Ending ending) {
    if (ended == null) {
      ended = ending;
      log.info("the pilot ends: " + ending.reason());
      say(ending.fit() ? PilotStatus.Done : PilotStatus.Failed, ending.reason(), 0);
      if (streamer != null) {
        streamer.close();
      }
      removeGuard();
    }
    return ended.fit() ? DONE : FAILED;
  }

  private void removeGuard() {
    try {
      Files.deleteIfExists(settings.place().workDir().resolve("guard.sh"));
      Files.deleteIfExists(settings.place().workDir().resolve("jobs"));
    } catch (IOException e) {
      log.warn("the work directory is not empty: " + e);
    }
  }

  private void say(PilotStatus status, String reason, double benchmark) {
    try {
      String shortened = reason.length() > 255 ? reason.substring(0, 252) + "..." : reason;
      link.describe(
          new PilotMetadata(
              shortened.isEmpty() ? null : shortened,
              status,
              benchmark > 0 ? benchmark : null,
              null,
              null,
              null,
              null,
              null,
              null));
    } catch (RuntimeException e) {
      log.warn("the server was not told that the pilot is " + status + ": " + e.getMessage());
    }
  }
}
