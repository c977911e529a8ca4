package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.spinor.api.Assignment;
import org.spinor.api.JobCommand;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.payload.FileTree;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.wrapper.StopSwitch.Stopped;

/**
 * One attempt at one job: brings its input, runs its payload under a watchdog, brings back its
 * output, and says so step by step. {@link #run} does it all on the calling thread; the other
 * methods may be called from any thread at any time.
 */
public final class JobWrapper {
  private static final int LONGEST_RETRY_SECONDS = 60;

  private final Assignment job;
  private final JobLink link;
  private final NodeFacts facts;
  private final WorkTools tools;
  private final WrapperSettings settings;
  private final Log log;
  private final StopSwitch stop = new StopSwitch();
  private final Patience patience = Patience.endless();
  private volatile boolean payloadOver;
  private volatile Runnable peek = () -> {};

  /** Done when the pilot is told to end. */
  private final CompletableFuture<SlotEnd> slotEnds = new CompletableFuture<>();

  /**
   * @param at when, by {@link System#nanoTime}
   */
  private record SlotEnd(String why, long at) {}

  public JobWrapper(
      Assignment job,
      JobLink link,
      NodeFacts facts,
      WorkTools tools,
      WrapperSettings settings,
      Log log) {
    this.job = job;
    this.link = link;
    this.facts = facts;
    this.tools = tools;
    this.settings = settings;
    this.log = log;
  }

  /** The server has given the attempt up: everything ends, nothing is reported. */
  public void lost(String why) {
    stop.stop(new StopReason.Lost(why));
  }

  /** What a user wants of the job. */
  public void command(JobCommand command) {
    if (command.command().equals(JobCommand.KILL)) {
      stop.stop(new StopReason.Killed());
    } else if (command.command().equals(JobCommand.PEEK)) {
      peek.run();
    }
  }

  /**
   * The pilot was told to end; the payload may go on for the time being. Batch systems that end a
   * slot send their signal to all its processes, one after the other: a payload that such a signal
   * ends now has not failed, and one that ends well in this moment may have lost a part of itself.
   */
  public void slotEnds(String why) {
    slotEnds.complete(new SlotEnd(why, System.nanoTime()));
  }

  /**
   * The pilot must end. A payload that runs is ended and the attempt given back; one that is over
   * has its outputs and reports sent.
   *
   * @param within after that time nothing is waited for any more
   */
  public void giveBack(String why, Duration within) {
    patience.shorten(within);
    if (!payloadOver) {
      stop.stop(new StopReason.GivenBack(why));
    }
  }

  /** Does everything, and returns when the server has the last report or the patience is over. */
  public WrapperResult run() throws InterruptedException {
    Path folder = tools.workDir().resolve("jobs").resolve(link.attempt().toString());
    try {
      JobFolders folders = JobFolders.create(folder);
      return withJournal(folders);
    } catch (IOException e) {
      log.error("the job's folder cannot be made: " + e);
      return withoutFolder("the job's folder cannot be made on this node: " + e);
    } finally {
      remove(folder);
    }
  }

  private WrapperResult withJournal(JobFolders folders) throws IOException, InterruptedException {
    try (Journal journal =
        new Journal(
            link,
            folders.control().resolve("journal"),
            new Backoff(settings.firstRetry(), longestRetry()),
            log,
            () -> stop.stop(new StopReason.Lost("a report was refused")))) {
      Reporter reporter = new Reporter(journal, new ReportTimes(tools.reportClock()), log);
      WrapperResult result = attempt(folders, reporter);
      patience.shorten(settings.reportPatience());
      if (!journal.flush(patience)) {
        log.error("the last reports of " + link.attempt() + " did not reach the server");
      }
      return journal.stale() ? WrapperResult.LOST : result;
    }
  }

  /**
   * An attempt that is not heard for some heartbeats is given up: whoever finds the server away
   * asks again within one.
   */
  private Duration longestRetry() {
    return Duration.ofSeconds(Math.clamp(job.heartbeatSeconds(), 1, LONGEST_RETRY_SECONDS));
  }

  private WrapperResult withoutFolder(String reason) throws InterruptedException {
    try {
      patience.shorten(settings.downloadPatience());
      new Retry(stop, settings.firstRetry(), longestRetry(), log)
          .run("give back", patience, () -> link.requeue(reason));
      return WrapperResult.NODE_FAILED;
    } catch (NodeFailure | Stopped | RuntimeException e) {
      log.error("the attempt could not be given back: " + e.getMessage());
      return WrapperResult.NODE_FAILED;
    }
  }

  private WrapperResult attempt(JobFolders folders, Reporter reporter) throws InterruptedException {
    try {
      return steps(folders, reporter);
    } catch (JobFailure e) {
      reporter.status(JobStatus.Failed, e.minorStatus(), e.text());
      return WrapperResult.FAILED;
    } catch (NodeFailure e) {
      reporter.requeue(e.reason());
      return WrapperResult.NODE_FAILED;
    } catch (Stopped e) {
      return stopped(e.reason(), reporter);
    } catch (RuntimeException e) {
      log.error("the wrapper of " + link.attempt() + " failed", e);
      reporter.requeue("the wrapper failed: " + e);
      return WrapperResult.NODE_FAILED;
    }
  }

  private static WrapperResult stopped(StopReason reason, Reporter reporter) {
    return switch (reason) {
      case StopReason.Killed _ -> {
        reporter.status(JobStatus.Killed, MinorStatus.KILL_SIGNAL);
        yield WrapperResult.KILLED;
      }
      case StopReason.Lost _ -> WrapperResult.LOST;
      case StopReason.GivenBack back -> {
        reporter.requeue(back.why());
        yield WrapperResult.GIVEN_BACK;
      }
      case StopReason.OverLimit over -> {
        reporter.status(JobStatus.Failed, over.minorStatus(), over.detail());
        yield WrapperResult.FAILED;
      }
    };
  }

  private WrapperResult steps(JobFolders folders, Reporter reporter)
      throws JobFailure, NodeFailure, Stopped, InterruptedException {
    Retry retry = new Retry(stop, settings.firstRetry(), longestRetry(), log);
    reporter.status(JobStatus.Matched, MinorStatus.RECEIVED_BY_AGENT, null, "JobAgent");
    reporter.status(JobStatus.Running, MinorStatus.JOB_INITIALIZATION);
    reporter.parameters(Parameters.first(facts, tools.containment(), job));
    JobDescription description = JobDescription.parse(job.jdl());
    checkDisk(folders);
    Map<String, String> environment =
        PayloadEnvironment.make(tools, job, description, facts, folders);
    if (!description.inputSandbox().isEmpty()) {
      reporter.status(JobStatus.Running, MinorStatus.DOWNLOADING_INPUT_SANDBOX);
      new InputStage(link, folders, settings, retry, log).fetch(description.inputSandbox());
    }
    stop.check();
    PayloadStage stage = new PayloadStage(job, link, tools, settings, stop, reporter, log);
    peek = stage::peek;
    PayloadStage.End end =
        stage.run(
            description,
            environment,
            folders,
            JobLimits.of(job, description, facts.node(), settings.watchdog(), tools.timeLeft()));
    if (end.stopped().isEmpty() && end.exitCode().mayBeTheSlotsEnd()) {
      checkSlot();
    }
    payloadOver = true;
    patience.shorten(settings.reportPatience());
    reporter.parameters(Parameters.last(end.measured(), facts.node().cpuPower()));
    OutputStage outputs =
        new OutputStage(link, folders, settings.outputSandboxLimitBytes(), retry, reporter);
    return conclude(end, description, outputs, reporter);
  }

  /** The pilot may get its signal a moment after the payload. */
  private void checkSlot() throws Stopped, InterruptedException {
    try {
      SlotEnd slot = slotEnds.get(settings.slotMoment().toMillis(), TimeUnit.MILLISECONDS);
      throw new Stopped(new StopReason.GivenBack(slot.why()));
    } catch (TimeoutException e) {
      // it was somebody else's signal
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a payload did all that it wanted is not known when its slot ended in that moment. */
  private void checkTheSameMoment(PayloadStage.End end) throws Stopped {
    SlotEnd slot = slotEnds.getNow(null);
    if (slot != null && Math.abs(slot.at() - end.at()) < settings.slotMoment().toNanos()) {
      throw new Stopped(new StopReason.GivenBack(slot.why()));
    }
  }

  private void checkDisk(JobFolders folders) throws NodeFailure {
    long freeMb = folders.job().toFile().getUsableSpace() / 1_000_000;
    if (freeMb < settings.watchdog().minFreeDiskMb()) {
      throw new NodeFailure("only " + freeMb + " MB are free on the node's disk");
    }
  }

  private WrapperResult conclude(
      PayloadStage.End end, JobDescription description, OutputStage outputs, Reporter reporter)
      throws JobFailure, NodeFailure, Stopped, InterruptedException {
    if (end.stopped().isPresent()) {
      if (!(end.stopped().get() instanceof StopReason.OverLimit over)) {
        throw new Stopped(end.stopped().get());
      }
      reporter.status(JobStatus.Completing, over.minorStatus(), over.detail());
      storeIfPossible(outputs, description, reporter);
      reporter.status(JobStatus.Failed, over.minorStatus(), over.detail());
      return WrapperResult.FAILED;
    }
    String exit = end.exitCode().toString();
    if (end.exitCode().wantsReschedule()) {
      reporter.status(JobStatus.Running, MinorStatus.GOING_TO_RESCHEDULE, exit);
      reporter.requeue("the payload asks to be run elsewhere (" + exit + ")");
      return WrapperResult.GIVEN_BACK;
    }
    if (end.exitCode().success()) {
      checkTheSameMoment(end);
      reporter.status(JobStatus.Completing, MinorStatus.APPLICATION_SUCCESS, exit);
      outputs.store(description.outputSandbox(), patience);
      checkTheSameMoment(end);
      reporter.status(JobStatus.Done, MinorStatus.EXECUTION_COMPLETE);
      return WrapperResult.DONE;
    }
    reporter.status(JobStatus.Completing, MinorStatus.APPLICATION_ERRORS, exit);
    storeIfPossible(outputs, description, reporter);
    reporter.status(JobStatus.Failed, MinorStatus.APPLICATION_ERRORS, exit);
    return WrapperResult.FAILED;
  }

  /** A payload that failed has failed, whether its output can be kept or not. */
  private void storeIfPossible(OutputStage outputs, JobDescription description, Reporter reporter)
      throws Stopped, InterruptedException {
    String problem;
    try {
      outputs.store(description.outputSandbox(), patience);
      return;
    } catch (JobFailure e) {
      problem = e.text();
    } catch (NodeFailure e) {
      problem = e.reason();
    }
    log.warn(problem);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("OutputSandboxError", problem);
    reporter.parameters(parameters);
  }

  private void remove(Path folder) {
    if (settings.keepFolders()) {
      return;
    }
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      log.warn("what is left of " + link.attempt() + " cannot be deleted: " + e);
    }
  }
}
