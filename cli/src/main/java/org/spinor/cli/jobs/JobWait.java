package org.spinor.cli.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.Patience;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;

/** Waits until jobs have ended, and shows meanwhile how they do. */
final class JobWait {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(300);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration AWAY = Duration.ofMinutes(10);

  private final Context context;
  private final Session session;

  JobWait(Context context, Session session) {
    this.context = context;
    this.session = session;
  }

  /**
   * @param conditions which jobs
   * @param limit how long to wait; null: until they have ended
   * @throws Failure with {@link ExitCode#TIMED_OUT} when the time is over
   */
  JobCounts until(List<Condition> conditions, @Nullable Duration limit) {
    Instant start = context.clock().instant();
    Duration pause = FIRST_PAUSE;
    // at the first question a server that is not there is a mistake, later a misfortune
    JobCounts counts = JobCounts.ask(session.client().jobs(), conditions);
    Patience patience = new Patience(context.clock(), AWAY);
    try (LiveView view = new LiveView(context.terminal(), context.clock())) {
      while (!counts.allEnded()) {
        Duration waited = Duration.between(start, context.clock().instant());
        show(view, counts, waited);
        if (limit != null && waited.compareTo(limit) >= 0) {
          throw new Failure(
              ExitCode.TIMED_OUT,
              "after " + Times.shown(waited) + " not all jobs have ended: " + counts.text());
        }
        sleep(pause);
        pause = pause.multipliedBy(3).dividedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        counts =
            patience.ask(() -> JobCounts.ask(session.client().jobs(), conditions)).orElse(counts);
      }
    }
    return counts;
  }

  private void show(LiveView view, JobCounts counts, Duration waited) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%,d of %,d jobs have ended (%s)",
            counts.ended(), counts.total(), Times.shown(waited)));
    lines.addAll(counts.bars(context.terminal()));
    view.show(lines, counts.text());
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted");
    }
  }
}
