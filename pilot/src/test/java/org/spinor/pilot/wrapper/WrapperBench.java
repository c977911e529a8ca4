package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.spinor.api.Assignment;
import org.spinor.pilot.fake.FakePilots;
import org.spinor.pilot.fake.FakeServer;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.node.Host;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.TimeLeft;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.ControlGroups;
import org.spinor.pilot.payload.Images;
import org.spinor.pilot.payload.Payload;
import org.spinor.pilot.payload.ProcessTable;

/** Runs wrappers against a fake server. */
final class WrapperBench implements AutoCloseable {
  static final Node NODE =
      new Node(
          "node",
          "Debian",
          "6.1",
          "x86_64",
          "CPU",
          List.of(),
          4,
          8000,
          100_000,
          List.of(),
          List.of(),
          List.of(),
          20,
          Optional.empty());

  final FakeServer server;
  final List<String> log = new CopyOnWriteArrayList<>();
  private final Path folder;
  private Containment containment = new Containment.Plain();
  private List<String> programs = List.of();
  private WrapperSettings settings = settings(watchdog(Duration.ofMillis(50)));
  private Optional<Duration> slot = Optional.empty();

  /** By how much the slot's clock goes ahead of the real one. */
  private volatile Duration ahead = Duration.ZERO;

  WrapperBench(Path folder) throws IOException {
    this.folder = folder;
    this.server = new FakeServer();
  }

  static WatchdogSettings watchdog(Duration poll) {
    return new WatchdogSettings(
        poll,
        Duration.ofDays(3),
        1,
        0,
        Duration.ofMinutes(30),
        5,
        false,
        20,
        true,
        10,
        Duration.ofSeconds(1500));
  }

  static WrapperSettings settings(WatchdogSettings watchdog) {
    return settings(watchdog, Duration.ofMinutes(5), Duration.ofSeconds(1), false);
  }

  private static WrapperSettings settings(
      WatchdogSettings watchdog,
      Duration downloadPatience,
      Duration slotMoment,
      boolean keepFolders) {
    return new WrapperSettings(
        Duration.ofSeconds(1),
        100_000,
        1_000_000,
        100,
        200_000,
        downloadPatience,
        Duration.ofMinutes(5),
        Duration.ofMillis(50),
        slotMoment,
        keepFolders,
        watchdog);
  }

  /** Folders of jobs stay. */
  WrapperBench keeping() {
    return with(settings(settings.watchdog(), Duration.ofMinutes(5), Duration.ofSeconds(1), true));
  }

  WrapperBench withDownloadPatience(Duration patience) {
    return with(settings(settings.watchdog(), patience, Duration.ofSeconds(1), false));
  }

  WrapperBench withSlotMoment(Duration moment) {
    return with(settings(settings.watchdog(), Duration.ofMinutes(5), moment, false));
  }

  WrapperBench with(WrapperSettings other) {
    settings = other;
    return this;
  }

  WrapperBench with(Containment other) {
    containment = other;
    return this;
  }

  private Images images() {
    return new Images(
        folder, programs, List.of(), new Log("images", InstantSource.system(), log::add));
  }

  /** Container programs of the node. */
  WrapperBench withPrograms(String... names) {
    programs = List.of(names);
    return this;
  }

  WrapperBench withSlot(Duration length) {
    slot = Optional.of(length);
    return this;
  }

  /** Lets this time pass in the slot. */
  void later(Duration time) {
    ahead = ahead.plus(time);
  }

  /** Shell: waits for {@link #go}. */
  String untilGo() {
    return "until [ -e %s ]; do sleep 0.05; done; ".formatted(folder.resolve("go"));
  }

  void go() throws IOException {
    Files.createFile(folder.resolve("go"));
  }

  /** A job whose payload is a script. */
  Assignment script(String script, String... moreJdl) {
    return server.jobs().assignment(jdl(script, moreJdl));
  }

  String jdl(String script, String... more) {
    String sandbox = server.sandboxes().store(Map.of("run.sh", "#!/bin/sh\n" + script + "\n"));
    return """
    Executable = "run.sh";
    InputSandbox = {"%s"};
    %s
    """
        .formatted(sandbox, String.join("\n", more));
  }

  Running start(Assignment job) throws IOException {
    ServerLink link =
        new ServerLink(
            server.uri(),
            "stamp1",
            FakePilots.SECRET,
            Duration.ofSeconds(10),
            InstantSource.system());
    Log lines = new Log("job " + job.jobId(), InstantSource.system(), log::add);
    JobWrapper wrapper =
        new JobWrapper(
            job,
            link.job(job),
            new NodeFacts(NODE, "stamp1", "LCG.Test.org", "ce", "queue", "1.0"),
            new WorkTools(
                folder,
                Payload.writeGuard(folder),
                new ProcessTable(),
                containment,
                images(),
                ControlGroups.NONE,
                new TimeLeft(
                    new Host(Path.of("/"), Map.of(), _ -> Optional.empty()),
                    () -> Instant.now().plus(ahead),
                    Instant.now(),
                    slot),
                link.clock(),
                Map.of("PATH", "/usr/bin:/bin", "X509_USER_PROXY", "/secret"),
                ""),
            settings,
            lines);
    CompletableFuture<WrapperResult> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(wrapper.run());
              } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return new Running(wrapper, result);
  }

  /** What was reported last of a job; empty: nothing yet. */
  String last(Assignment job) {
    List<String> history = server.jobs().history(job.jobId());
    return history.isEmpty() ? "" : history.getLast();
  }

  WrapperResult run(Assignment job) throws Exception {
    return start(job).result();
  }

  record Running(JobWrapper wrapper, CompletableFuture<WrapperResult> future) {
    WrapperResult result() throws ExecutionException, InterruptedException, TimeoutException {
      return future.get(120, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
