package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.spinor.api.Assignment;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.Images;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.payload.OutputCapture;
import org.spinor.pilot.payload.Payload;

/** Runs a job's payload from its start to the end of its last process. */
final class PayloadStage {
  /** Lines and bytes of standard output in a heartbeat. */
  private static final int TAIL_LINES = 20;

  private static final int TAIL_BYTES = 64 * 1024;

  /** What kept a containment from being made was mostly a moment of the node. */
  private static final int MOST_STARTS = 3;

  private final Assignment job;
  private final JobLink link;
  private final WorkTools tools;
  private final WrapperSettings settings;
  private final StopSwitch stop;
  private final Reporter reporter;
  private final Log log;
  private volatile Runnable peek = () -> {};

  PayloadStage(
      Assignment job,
      JobLink link,
      WorkTools tools,
      WrapperSettings settings,
      StopSwitch stop,
      Reporter reporter,
      Log log) {
    this.job = job;
    this.link = link;
    this.tools = tools;
    this.settings = settings;
    this.stop = stop;
    this.reporter = reporter;
    this.log = log;
  }

  /**
   * How a payload ended.
   *
   * @param stopped empty: by itself
   * @param at when, by {@link System#nanoTime}
   */
  record End(ExitCode exitCode, Optional<StopReason> stopped, Measurements measured, long at) {}

  /** Sends the latest output now. */
  void peek() {
    peek.run();
  }

  /**
   * Starts the payload and waits for its end.
   *
   * @param environment the payload's own
   * @throws JobFailure there is no such program
   * @throws NodeFailure it could not be started
   */
  End run(
      JobDescription description,
      Map<String, String> environment,
      JobFolders folders,
      Watchdog.Limits limits)
      throws JobFailure, NodeFailure, InterruptedException {
    Containment containment = containment(description);
    List<String> payload = new ArrayList<>();
    payload.add(
        Executable.find(
            description.executable(), folders, environment.getOrDefault("PATH", ""), containment));
    payload.addAll(description.arguments());
    List<String> command = containment.wrap(folders, environment.keySet(), payload);
    for (int starts = 0; starts < MOST_STARTS; starts++) {
      Payload.Start start =
          new Payload.Start(
              tools.guardScript(),
              command,
              environment,
              folders,
              UUID.randomUUID().toString(),
              settings.killGrace(),
              tools.groups());
      Optional<End> end = once(start, containment, description, limits);
      if (end.isPresent()) {
        return end.get();
      }
    }
    throw new NodeFailure(containment.name() + " does not come to the payload");
  }

  /** Empty: the payload never ran. */
  private Optional<End> once(
      Payload.Start start,
      Containment containment,
      JobDescription description,
      Watchdog.Limits limits)
      throws NodeFailure, InterruptedException {
    JobFolders folders = start.folders();
    boolean together = description.standardOutput().equals(description.standardError());
    long limit = settings.outputLimitBytes();
    try (OutputCapture out = new OutputCapture(folders.control(), "stdout", limit);
        OutputCapture err = new OutputCapture(folders.control(), "stderr", limit)) {
      OutputCapture errors = together ? out : err;
      Payload running = Payload.start(start, tools.processes(), out, errors);
      reporter.status(
          JobStatus.Running, MinorStatus.APPLICATION, "Running " + description.executable());
      End end = watch(running, description, folders, limits, out);
      if (end.stopped().isEmpty() && !containment.began(folders, end.exitCode().value())) {
        log.warn("the payload never ran: " + errors.tail(1, TAIL_BYTES).strip());
        return Optional.empty();
      }
      save(out, folders.job().resolve(description.standardOutput()));
      if (!together) {
        save(err, folders.job().resolve(description.standardError()));
      }
      return Optional.of(end);
    } catch (IOException e) {
      throw new NodeFailure("the payload cannot be run on this node: " + e);
    }
  }

  /** The job's own image, else what the pilot has for all. */
  private Containment containment(JobDescription description)
      throws JobFailure, NodeFailure, InterruptedException {
    if (description.image().isEmpty()) {
      return tools.containment();
    }
    try {
      Containment containment = tools.images().of(description.image().get());
      reporter.parameters(Map.of("PayloadContainment", containment.name()));
      return containment;
    } catch (Images.ImageException e) {
      String why = String.valueOf(e.getMessage());
      if (e.elsewhere()) {
        throw new NodeFailure(why);
      }
      throw new JobFailure(MinorStatus.APPLICATION_NOT_FOUND, why);
    }
  }

  private End watch(
      Payload payload,
      JobDescription description,
      JobFolders folders,
      Watchdog.Limits limits,
      OutputCapture out)
      throws InterruptedException {
    PayloadMonitor monitor =
        new PayloadMonitor(payload, folders, new Watchdog(limits), tools.timeLeft(), log);
    try (Heartbeats heartbeats =
        new Heartbeats(
            link,
            Duration.ofSeconds(Math.max(1, job.heartbeatSeconds())),
            () -> {
              monitor.measure();
              return monitor.last().heartbeat(out.tail(TAIL_LINES, TAIL_BYTES));
            },
            command -> new CommandTaker(stop, this).take(command),
            () -> stop.stop(new StopReason.Lost("a heartbeat was refused")),
            log)) {
      peek = heartbeats::now;
      untilTheEnd(payload, monitor, description, limits);
    } finally {
      peek = () -> {};
    }
    long at = System.nanoTime();
    if (!payload.end()) {
      log.error("processes of " + link.attempt() + " cannot be ended: they hang in the kernel");
    }
    monitor.measure();
    if (!stop.lost()) {
      reporter.lastMeasurement(monitor.last().heartbeat(out.tail(TAIL_LINES, TAIL_BYTES)));
    }
    int code = payload.exitCode().orElse(ExitCode.KILLED);
    return new End(new ExitCode(code), stop.reason(), monitor.last(), at);
  }

  private void untilTheEnd(
      Payload payload, PayloadMonitor monitor, JobDescription description, Watchdog.Limits limits)
      throws InterruptedException {
    CompletableFuture<?> end = CompletableFuture.anyOf(payload.exit(), stop.future());
    while (!end.isDone()) {
      monitor.look().ifPresent(stop::stop);
      if (description.stopSignal().isPresent()) {
        monitor.signalInTime(description.stopSignal().get(), limits.wall());
      }
      try {
        end.get(settings.watchdog().poll().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // time for another look
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void save(OutputCapture capture, Path target) throws IOException {
    if (capture.failed()) {
      log.warn("parts of " + target.getFileName() + " are lost: the disk is full");
    }
    try {
      Files.createDirectories(target.getParent());
      capture.saveTo(target);
    } catch (IOException e) {
      // the payload's own end counts more than its output
      log.error(target.getFileName() + " cannot be kept: " + e);
    }
  }
}
