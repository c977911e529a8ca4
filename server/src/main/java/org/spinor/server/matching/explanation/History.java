package org.spinor.server.matching.explanation;

import java.util.List;
import java.util.stream.Collectors;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobStatus;
import org.spinor.server.jobs.Jobs;

/** How things stand with a job that does not wait. */
final class History {
  private static final int MOST_ATTEMPTS = 3;
  private static final String UNKNOWN = "Unknown";

  private History() {}

  static String inWords(Jobs.Summary job, List<JobAttempt> attempts) {
    String where = attempts.isEmpty() ? "" : " at " + attempts.getLast().site();
    return switch (job.status()) {
      case Matched ->
          "A pilot%s has it since %s and is about to start it (%s)."
              .formatted(where, job.since(), status(job));
      case Running, Completing ->
          "It runs%s since %s (%s).".formatted(where, job.since(), status(job));
      case Stalled ->
          "It ran%s, but nothing was heard of it since %s (%s)."
              .formatted(where, job.since(), status(job));
      case Done, Completed -> "It ended well at %s (%s).".formatted(job.since(), status(job));
      case Failed ->
          "It failed at %s: %s.%s Look at its output and its log; a reschedule tries it again."
              .formatted(job.since(), status(job), tries(attempts));
      case Killed -> "It was killed at %s (%s).".formatted(job.since(), status(job));
      case Deleted -> "It was deleted at %s and is about to vanish.".formatted(job.since());
      case Staging ->
          "Its input data are being brought from tape since %s (%s)."
              .formatted(job.since(), status(job));
      case Submitting, Received, Checking, Rescheduled ->
          "It is %s since %s and not in the line yet: %s.%s"
              .formatted(before(job.status()), job.since(), status(job), tries(attempts));
      case Waiting -> "It waits.";
    };
  }

  private static String before(JobStatus status) {
    return switch (status) {
      case Submitting -> "being submitted";
      case Rescheduled -> "rescheduled";
      case Checking -> "being checked";
      default -> "received";
    };
  }

  private static String status(Jobs.Summary job) {
    String minor = job.minorStatus();
    String application = job.applicationStatus();
    return application.isBlank() || application.equals(UNKNOWN)
        ? minor
        : minor + "; " + application;
  }

  /** What became of its attempts, the last ones first. */
  private static String tries(List<JobAttempt> attempts) {
    List<JobAttempt> ended =
        attempts.reversed().stream().filter(attempt -> attempt.outcome() != null).toList();
    if (ended.isEmpty()) {
      return "";
    }
    return " It was tried %s: %s."
        .formatted(
            attempts.size() == 1 ? "once" : attempts.size() + " times",
            ended.stream()
                .limit(MOST_ATTEMPTS)
                .map(History::attempt)
                .collect(Collectors.joining("; ")));
  }

  private static String attempt(JobAttempt attempt) {
    String reason = attempt.reason();
    return "attempt %d at %s ended as %s%s"
        .formatted(
            attempt.attempt(),
            attempt.site().isEmpty() ? "an unnamed place" : attempt.site(),
            attempt.outcome(),
            reason == null || reason.isBlank() ? "" : " (" + reason + ")");
  }
}
