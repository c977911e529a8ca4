package org.spinor.server.jobs.lifecycle;

import java.time.Duration;
import java.util.Optional;
import org.spinor.server.database.Conditions;
import org.spinor.server.database.Partitions;
import org.spinor.server.jobs.JobsProperties;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/**
 * Removes what is old: ended jobs where their time is set, deleted jobs, partitions of the log and
 * of heartbeats; makes the partitions to come.
 */
@Component
final class Cleaning implements TaskHandler {
  private static final int WEEKS_AHEAD = 3;
  private static final int DAYS_AHEAD = 7;

  private final JobsProperties properties;
  private final JobSets sets;
  private final KillAndDelete changes;
  private final Removal removal;
  private final Partitions partitions;

  Cleaning(
      JobsProperties properties,
      JobSets sets,
      KillAndDelete changes,
      Removal removal,
      Partitions partitions) {
    this.properties = properties;
    this.sets = sets;
    this.changes = changes;
    this.removal = removal;
    this.partitions = partitions;
  }

  @Override
  public String type() {
    return "jobs.clean";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofHours(1));
  }

  @Override
  public void run(String payload) {
    partitions.ensure("jobs.logging", Partitions.Span.WEEKLY, WEEKS_AHEAD);
    partitions.ensure("jobs.heartbeat", Partitions.Span.DAILY, DAYS_AHEAD);
    if (!properties.keepEnded().isZero()) {
      Conditions ended =
          new Conditions()
              .and("status IN ('Done', 'Failed', 'Killed')")
              .and(
                  "end_exec_time < now() - make_interval(secs => ?)",
                  properties.keepEnded().toSeconds());
      sets.each(ended, ids -> changes.delete(ids, "JobCleaning"));
    }
    Conditions deleted =
        new Conditions()
            .and("status = 'Deleted'")
            .and(
                "last_update_time < now() - make_interval(secs => ?)",
                properties.keepDeleted().toSeconds());
    sets.each(deleted, removal::remove);
    partitions.dropOlderThan("jobs.logging", properties.keepLog());
    partitions.dropOlderThan("jobs.heartbeat", properties.keepHeartbeats());
  }
}
