package org.spinor.server.validation;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobResults;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.tasks.TaskHandler;
import org.spinor.server.tasks.Tasks;
import org.spinor.spi.validation.Earlier;
import org.spinor.spi.validation.Verdict;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has each result of an untrusted attempt judged: a task that is added in the transaction which
 * ends the attempt. The decision and what is kept of it are one transaction, and the decision is
 * taken once: a second run of the task finds nothing to do.
 */
@Component
final class JudgeResults implements TaskHandler {
  static final String TYPE = "validation.judge";

  private static final Logger log = LoggerFactory.getLogger(JudgeResults.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_TEXT = 1000;

  private final Jobs jobs;
  private final JobResults results;
  private final Judge judge;
  private final UndecidedTable undecided;
  private final Tasks tasks;
  private final Transactions transactions;

  JudgeResults(
      Jobs jobs,
      JobResults results,
      Judge judge,
      UndecidedTable undecided,
      Tasks tasks,
      Transactions transactions) {
    this.jobs = jobs;
    this.results = results;
    this.judge = judge;
    this.undecided = undecided;
    this.tasks = tasks;
    this.transactions = transactions;
  }

  /** What the task is given. */
  record Payload(long job, int attempt) {}

  @EventListener
  void ended(JobEvents.AttemptEnded event) {
    if (event.outcome() == JobEvents.Outcome.UNVERIFIED) {
      tasks.add(
          TYPE,
          JSON.writeValueAsString(
              new Payload(event.attempt().jobId().value(), event.attempt().attempt())));
    }
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public void run(String payload) {
    Payload asked = JSON.readValue(payload, Payload.class);
    AttemptId attempt = new AttemptId(new JobId(asked.job()), asked.attempt());
    Optional<JobResults.Unverified> found = results.find(attempt);
    String jdl = jobs.descriptions(List.of(asked.job())).get(asked.job());
    if (found.isEmpty() || jdl == null) {
      return;
    }
    List<Earlier> earlier = undecided.of(asked.job());
    Verdict verdict = judge.of(found.get(), jdl, earlier);
    boolean decided = transactions.in(() -> decide(found.get(), verdict, earlier));
    if (decided) {
      log.info("result of {} from pilot {}: {}", attempt, found.get().pilotStamp(), verdict);
    }
  }

  private boolean decide(JobResults.Unverified result, Verdict verdict, List<Earlier> earlier) {
    AttemptId attempt = result.attempt();
    long job = attempt.jobId().value();
    return switch (verdict) {
      case Verdict.Accepted(String why, String fingerprint) -> {
        List<JobResults.Settled> others =
            fingerprint.isEmpty()
                ? List.of()
                : earlier.stream()
                    .map(
                        other ->
                            new JobResults.Settled(
                                other.attempt(), other.fingerprint().equals(fingerprint)))
                    .toList();
        boolean accepted = results.accept(attempt, cut(why), others);
        if (accepted) {
          undecided.forget(List.of(job));
        }
        yield accepted;
      }
      case Verdict.Rejected(String reason) -> results.reject(attempt, cut(reason));
      case Verdict.Undecided(String reason, String fingerprint) -> {
        boolean waits = results.undecided(attempt, cut(reason));
        if (waits) {
          undecided.add(job, new Earlier(attempt.attempt(), result.host(), cut(fingerprint)));
        }
        yield waits;
      }
    };
  }

  /** A validator may say what it found in a stranger's files. */
  private static String cut(String text) {
    String clean = text.replace('\0', '\uFFFD');
    return clean.length() <= LONGEST_TEXT ? clean : clean.substring(0, LONGEST_TEXT);
  }
}
