package org.spinor.server.jobs.rows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The hold that a living attempt has on its job.
 *
 * @param expired its time is over by the database's clock
 * @param untrusted nobody vouches for the pilot
 * @param lastReport the newest time that the attempt reported, by its own clock
 */
public record Lease(
    int attempt,
    String pilotStamp,
    boolean expired,
    boolean untrusted,
    @Nullable Instant lastReport) {
  Lease reported(Instant time) {
    Instant newest = lastReport == null || lastReport.isBefore(time) ? time : lastReport;
    return new Lease(attempt, pilotStamp, expired, untrusted, newest);
  }
}
