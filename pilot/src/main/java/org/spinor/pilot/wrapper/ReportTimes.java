package org.spinor.pilot.wrapper;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Times of reports: microseconds, each later than the one before, whatever the clock does. */
final class ReportTimes {
  private final InstantSource clock;
  private Instant last = Instant.EPOCH;

  ReportTimes(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Instant next() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
    return last;
  }
}
