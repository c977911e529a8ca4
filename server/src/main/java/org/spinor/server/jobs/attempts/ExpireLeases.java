package org.spinor.server.jobs.attempts;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/**
 * Looks for attempts that are silent for too long. After a start, or when nobody looked for longer
 * than usual (all servers were away, or the database), the silence may be the servers' own: then
 * every attempt first gets a fresh lease.
 */
@Component
final class ExpireLeases implements TaskHandler {
  private static final Logger log = LoggerFactory.getLogger(ExpireLeases.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final double ABSENCE_SECONDS = 25;

  private final Leases leases;
  private final AtomicBoolean started = new AtomicBoolean();

  ExpireLeases(Leases leases) {
    this.leases = leases;
  }

  @Override
  public String type() {
    return "jobs.expire-leases";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(PERIOD);
  }

  @Override
  public void run(String payload) {
    double away = leases.seen();
    if (!started.get() || away > ABSENCE_SECONDS) {
      leases.grace();
      started.set(true);
      return;
    }
    int ended = leases.expire();
    if (ended > 0) {
      log.info("{} attempts ended: no sign of life from their pilots", ended);
    }
  }
}
