package org.spinor.pilot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.JobCommand;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.wrapper.JobWrapper;
import org.spinor.pilot.wrapper.WrapperResult;

/** The wrappers at work, each on a thread of its own. Thread-safe. */
final class RunningJobs {
  private final Map<AttemptId, JobWrapper> wrappers = new ConcurrentHashMap<>();
  private final BiFunction<Assignment, Map<String, String>, JobWrapper> factory;
  private final BiConsumer<Assignment, WrapperResult> onEnd;
  private final Log log;

  /**
   * @param factory of a wrapper, of the job and variables of its payload
   * @param onEnd called when a wrapper is done, from its thread
   */
  RunningJobs(
      BiFunction<Assignment, Map<String, String>, JobWrapper> factory,
      BiConsumer<Assignment, WrapperResult> onEnd,
      Log log) {
    this.factory = factory;
    this.onEnd = onEnd;
    this.log = log;
  }

  /**
   * Starts a job; one that runs already is left alone.
   *
   * @param variables of its payload, besides the node's
   */
  void start(Assignment job, Map<String, String> variables) {
    AttemptId attempt = new AttemptId(job.jobId(), job.attempt());
    JobWrapper wrapper = factory.apply(job, variables);
    if (wrappers.putIfAbsent(attempt, wrapper) == null) {
      Thread.ofVirtual().name("wrapper " + attempt).start(() -> run(attempt, job, wrapper));
    }
  }

  private void run(AttemptId attempt, Assignment job, JobWrapper wrapper) {
    WrapperResult result = WrapperResult.NODE_FAILED;
    try {
      result = wrapper.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("the wrapper of " + attempt + " failed", e);
    } finally {
      wrappers.remove(attempt);
      onEnd.accept(job, result);
    }
  }

  List<AttemptId> attempts() {
    return List.copyOf(wrappers.keySet());
  }

  boolean contains(Assignment job) {
    return wrappers.containsKey(new AttemptId(job.jobId(), job.attempt()));
  }

  void lost(AttemptId attempt, String why) {
    JobWrapper wrapper = wrappers.get(attempt);
    if (wrapper != null) {
      log.warn("attempt " + attempt + " is lost: " + why);
      wrapper.lost(why);
    }
  }

  void allLost(String why) {
    attempts().forEach(attempt -> lost(attempt, why));
  }

  void command(JobCommand command) {
    wrappers.forEach(
        (attempt, wrapper) -> {
          if (attempt.jobId().equals(command.jobId())) {
            log.info("command " + command.command() + " for " + attempt);
            wrapper.command(command);
          }
        });
  }

  void slotEnds(String why) {
    wrappers.values().forEach(wrapper -> wrapper.slotEnds(why));
  }

  void giveAllBack(String why, Duration within) {
    wrappers.values().forEach(wrapper -> wrapper.giveBack(why, within));
  }
}
