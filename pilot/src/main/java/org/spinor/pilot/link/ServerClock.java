package org.spinor.pilot.link;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;

/**
 * The time as the server has it. Reports of a job are ordered by time together with the server's
 * own records, so a node whose clock is wrong would have its reports ignored or preferred.
 *
 * <p>Each answer's {@code Date} (whole seconds) bounds the difference from both sides; the bounds
 * of several answers are intersected. While no difference at all is within the bounds, the local
 * clock is taken as it is.
 */
public final class ServerClock implements InstantSource {
  private final InstantSource local;
  private Duration least = Duration.ofDays(-100_000);
  private Duration most = Duration.ofDays(100_000);

  public ServerClock(InstantSource local) {
    this.local = local;
  }

  /**
   * Learns from one answer.
   *
   * @param asked local time when the request went out
   * @param date the answer's header
   * @param answered local time when the answer was there
   */
  public synchronized void learn(Instant asked, String date, Instant answered) {
    Instant server;
    try {
      server = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeException e) {
      return;
    }
    Duration low = Duration.between(answered, server);
    Duration high = Duration.between(asked, server.plusSeconds(1));
    least = low.compareTo(least) > 0 ? low : least;
    most = high.compareTo(most) < 0 ? high : most;
    if (least.compareTo(most) > 0) { // one of the clocks was set
      least = low;
      most = high;
    }
  }

  /** Server time minus local time; zero where that is possible at all. */
  public synchronized Duration difference() {
    if (!least.isPositive() && !most.isNegative()) {
      return Duration.ZERO;
    }
    return least.plus(most).dividedBy(2);
  }

  @Override
  public Instant instant() {
    return local.instant().plus(difference());
  }
}
