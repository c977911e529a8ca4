package org.spinor.plugins.computing.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/**
 * Pilots as detached processes of this host. Everything known of a pilot stands in its folder, so
 * nothing is lost with the server. A pilot's reference is its stamp.
 */
final class LocalComputingElement implements ComputingElement {
  /** A pilot that was accepted begins within moments; one that did not was forgotten in a crash. */
  private static final Duration LONGEST_START = Duration.ofSeconds(30);

  private static final Duration LONGEST_UNFINISHED = Duration.ofHours(1);
  private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(10);

  private final ComputingElementContext context;
  private final LocalSettings settings;
  private final Processes processes = new Processes();
  private final Background background = new Background();
  private final PilotEnvironment environment;
  private final String runner = resource("runner.sh");
  private final String place;
  private volatile Instant cleaned = Instant.MIN;

  LocalComputingElement(ComputingElementContext context, LocalSettings settings) {
    this.context = context;
    this.settings = settings;
    this.environment = new PilotEnvironment(context.stateFolder(), settings.passEnvironment());
    this.place = context.site() + "/" + context.name() + "/" + context.queue();
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities = EnumSet.complementOf(EnumSet.of(Capability.MULTI_NODE));
    if (!hasGpu()) {
      capabilities.remove(Capability.GPU);
    }
    return capabilities;
  }

  private static boolean hasGpu() {
    return Files.exists(Path.of("/dev/nvidia0")) || Files.exists(Path.of("/dev/kfd"));
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    List<String> problems = new ArrayList<>();
    if (submission.size().nodes() > 1) {
      problems.add("this host is one node, not " + submission.size().nodes());
    }
    if (submission.size().gpus() > 0 && !hasGpu()) {
      problems.add("this host has no GPU");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    if (!settings.overcommit() && submission.size().cores() > Math.max(cores, 2)) {
      problems.add(
          "this host has %d cores, not %d; NumberOfProcessors, or Overcommit: true"
              .formatted(cores, submission.size().cores()));
    }
    return problems;
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    cleanSometimes();
    return submissions.stream().map(this::submit).toList();
  }

  private SubmitResult submit(PilotSubmission submission) {
    List<String> problems = validate(submission);
    if (!problems.isEmpty()) {
      return new SubmitResult.Refused(submission.stamp(), Fault.USER, String.join("; ", problems));
    }
    try {
      PilotFolder folder =
          PilotFolder.make(context.stateFolder(), unfinished(), place, runner, submission);
      if (!folder.started() && folder.cancelled().isEmpty()) {
        start(folder, submission);
      }
      return new SubmitResult.Accepted(submission.stamp(), new PilotReference(submission.stamp()));
    } catch (IOException | UncheckedIOException e) {
      return new SubmitResult.Refused(
          submission.stamp(), Fault.PLATFORM, String.valueOf(e.getMessage()));
    }
  }

  private void start(PilotFolder folder, PilotSubmission submission) throws IOException {
    List<String> command = new ArrayList<>();
    if (settings.nice() > 0) {
      command.addAll(List.of("nice", "-n", Integer.toString(settings.nice())));
    }
    String script = folder.path().resolve("runner.sh").toString();
    // A session of its own. Where there is no setsid, at least a group of its own.
    if (Programs.have("setsid")) {
      command.addAll(List.of("setsid", "sh", script, folder.path().toString()));
    } else {
      command.addAll(
          List.of("sh", "-mc", "sh \"$1\" \"$2\" &", "sh", script, folder.path().toString()));
    }
    processes.detach(
        command,
        environment.of(folder, submission.environment()),
        folder.path().resolve("launch.log"));
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    cleanSometimes();
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    references.forEach(reference -> reports.put(reference, report(reference)));
    return reports;
  }

  private PilotReport report(PilotReference reference) {
    Optional<PilotFolder> found = folder(reference);
    if (found.isEmpty()) {
      return PilotReport.of(PilotState.UNKNOWN, "there is no folder of this pilot");
    }
    PilotFolder folder = found.get();
    PilotReport report = report(folder);
    if (report.state() == PilotState.ABORTED && !folder.swept()) {
      processes.killAll(folder);
      folder.setSwept();
    } else if (report.state().isFinal() && !folder.swept()) {
      background.start("sweep-" + folder.stamp(), () -> sweep(folder));
    } else if (report.state() == PilotState.RUNNING
        && folder.cancelled().filter(this::isOverdue).isPresent()) {
      processes.killAll(folder);
    }
    return report;
  }

  /** Ends what a pilot has left running, when it has had time to clean up by itself. */
  private void sweep(PilotFolder folder) throws InterruptedException {
    Instant end = now().plus(settings.grace());
    while (now().isBefore(end) && processes.anyLeft(folder)) {
      Thread.sleep(200);
    }
    processes.killAll(folder);
    folder.setSwept();
  }

  private PilotReport report(PilotFolder folder) {
    // Looked at once: one that begins between two looks would be taken for dead, and killed.
    Optional<ProcessIdentity> process = folder.process();
    // In this order: a pilot that ends between the two looks has written its exit code.
    boolean alive = process.filter(processes::isAlive).isPresent();
    OptionalInt exitCode = folder.exitCode();
    if (exitCode.isPresent()) {
      return ended(folder, exitCode);
    }
    if (alive) {
      return at(PilotState.RUNNING, "", OptionalInt.empty());
    }
    if (process.isPresent()) {
      return folder.cancelled().isPresent()
          ? at(PilotState.ABORTED, "cancelled", OptionalInt.empty())
          : at(
              PilotState.ABORTED,
              "its process is gone without a word: killed, or the host was restarted",
              OptionalInt.empty());
    }
    if (folder.cancelled().isPresent() && !folder.started()) {
      return at(PilotState.ABORTED, "cancelled before it began", OptionalInt.empty());
    }
    boolean fresh =
        folder.made().filter(made -> made.plus(LONGEST_START).isAfter(now())).isPresent();
    return fresh
        ? at(PilotState.WAITING, "", OptionalInt.empty())
        : at(PilotState.UNKNOWN, "it was never started", OptionalInt.empty());
  }

  private static PilotReport ended(PilotFolder folder, OptionalInt exitCode) {
    boolean well = exitCode.orElse(0) == 0;
    if (!well && folder.cancelled().isPresent()) {
      return at(PilotState.ABORTED, "cancelled", exitCode);
    }
    return well
        ? at(PilotState.DONE, "", exitCode)
        : at(PilotState.FAILED, "exit code " + exitCode.orElse(0), exitCode);
  }

  private static PilotReport at(PilotState state, String reason, OptionalInt exitCode) {
    return new PilotReport(state, reason, exitCode, Optional.of("localhost"));
  }

  private boolean isOverdue(Instant cancelled) {
    return cancelled.plus(settings.grace()).isBefore(now());
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    return folder(reference)
        .map(
            folder -> {
              PilotFolder.Tail out = folder.tail("stdout", maxBytes);
              PilotFolder.Tail err = folder.tail("stderr", maxBytes);
              PilotFolder.Tail log = folder.tail("launch.log", maxBytes);
              return new PilotOutput(
                  out.text(),
                  err.text(),
                  log.text(),
                  out.truncated() || err.truncated() || log.truncated());
            })
        .orElseGet(() -> new PilotOutput("", "", "", false));
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    for (PilotReference reference : references) {
      folder(reference).filter(folder -> folder.exitCode().isEmpty()).ifPresent(this::cancel);
      results.put(reference, new CancelResult.Cancelled());
    }
    return results;
  }

  private void cancel(PilotFolder folder) {
    // The mark first: a runner that is just beginning looks for it after it has written its number.
    folder.setCancelled();
    folder.process().ifPresent(process -> processes.signalGroup(process, "TERM"));
    background.start("kill-" + folder.stamp(), () -> killLater(folder));
  }

  /** The server may end before: then whoever asks for the pilot's status sees to it. */
  private void killLater(PilotFolder folder) throws InterruptedException {
    Instant end = now().plus(settings.grace());
    while (now().isBefore(end)
        && (!report(folder).state().isFinal() || processes.anyLeft(folder))) {
      Thread.sleep(200);
    }
    processes.killAll(folder);
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    for (PilotReference reference : references) {
      folder(reference)
          .filter(folder -> report(folder).state().isFinal())
          .ifPresent(
              folder -> {
                processes.killAll(folder);
                delete(folder);
              });
    }
  }

  @Override
  public QueueInfo queueInfo() {
    int running = 0;
    int waiting = 0;
    for (PilotFolder folder : folders()) {
      if (folder.exitCode().isEmpty() && folder.place().filter(place::equals).isPresent()) {
        switch (report(folder).state()) {
          case RUNNING -> running++;
          case WAITING -> waiting++;
          case HELD, DONE, FAILED, ABORTED, UNKNOWN -> {}
        }
      }
    }
    return new QueueInfo(OptionalInt.of(waiting), OptionalInt.of(running), OptionalInt.empty());
  }

  @Override
  public void close() {
    // The pilots go on: they are none of this process's business.
    background.close();
  }

  private Optional<PilotFolder> folder(PilotReference reference) {
    return reference.value().matches("[A-Za-z0-9]{1,32}")
        ? Optional.of(new PilotFolder(context.stateFolder().resolve(reference.value())))
            .filter(PilotFolder::exists)
            .filter(folder -> folder.place().isPresent())
        : Optional.empty();
  }

  private List<PilotFolder> folders() {
    List<PilotFolder> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            context.stateFolder(), path -> Files.exists(path.resolve("place")))) {
      entries.forEach(path -> folders.add(new PilotFolder(path)));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new MisconfiguredException("cannot read " + context.stateFolder(), e);
    }
    return folders;
  }

  private void cleanSometimes() {
    Instant now = now();
    if (cleaned.isAfter(now.minus(BETWEEN_CLEANINGS))) {
      return;
    }
    cleaned = now;
    cleanUnfinished(now);
    for (PilotFolder folder : folders()) {
      Optional<Instant> end = folder.ended();
      if (end.filter(time -> time.plus(settings.keep()).isBefore(now)).isPresent()) {
        processes.killAll(folder);
        delete(folder);
      } else if (end.isPresent() && !folder.swept()) {
        background.start("sweep-" + folder.stamp(), () -> sweep(folder));
      }
    }
  }

  /** Out of sight in one step, then gone. */
  private void delete(PilotFolder folder) {
    try {
      Path unfinished = unfinished();
      Files.createDirectories(unfinished);
      Path doomed = unfinished.resolve(folder.stamp() + "-" + UUID.randomUUID());
      Files.move(folder.path(), doomed, StandardCopyOption.ATOMIC_MOVE);
      Folders.delete(doomed);
    } catch (NoSuchFileException e) {
      // somebody else did
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder.path(), e);
    }
  }

  /** What a server left half made or half deleted when it died. */
  private void cleanUnfinished(Instant now) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(unfinished())) {
      for (Path entry : entries) {
        Instant changed = Files.getLastModifiedTime(entry).toInstant();
        if (changed.plus(LONGEST_UNFINISHED).isBefore(now)) {
          Folders.delete(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was ever begun, or somebody else cleans too
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean " + unfinished(), e);
    }
  }

  private Path unfinished() {
    return context.stateFolder().resolve("unfinished");
  }

  private Instant now() {
    return context.clock().instant();
  }

  private static String resource(String name) {
    try (InputStream text = LocalComputingElement.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is missing in the plug-in");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
