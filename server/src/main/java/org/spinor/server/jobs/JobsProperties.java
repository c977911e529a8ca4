package org.spinor.server.jobs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long jobs and what is written about them are kept.
 *
 * @param keepEnded jobs that ended (Done, Failed, Killed) are deleted so long after their end; 0:
 *     never, their owners delete them
 * @param keepDeleted deleted jobs are gone for good so long after their deletion
 * @param keepLog records of the log (status changes) older than this are dropped, whether the job
 *     is still there or not; whole weeks
 * @param keepHeartbeats figures of heartbeats older than this are dropped; whole days
 */
@ConfigurationProperties("spinor.jobs")
public record JobsProperties(
    @DefaultValue("0") Duration keepEnded,
    @DefaultValue("1d") Duration keepDeleted,
    @DefaultValue("400d") Duration keepLog,
    @DefaultValue("30d") Duration keepHeartbeats) {

  public JobsProperties {
    requireAtLeast("keep-ended", keepEnded, Duration.ZERO);
    requireAtLeast("keep-deleted", keepDeleted, Duration.ZERO);
    requireAtLeast("keep-log", keepLog, Duration.ofDays(7));
    requireAtLeast("keep-heartbeats", keepHeartbeats, Duration.ofDays(1));
  }

  private static void requireAtLeast(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "spinor.jobs." + name + " is at least " + least + ", not " + value);
    }
  }
}
