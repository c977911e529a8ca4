package org.spinor.server.provisioning.cycle;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.tasks.Tasks;
import org.springframework.context.event.EventListener;

/**
 * Wakes provisioning when work comes: 200 ms after the first of a burst, and once more two seconds
 * later, when every server's matcher has surely heard of it. Not while all queues have all the
 * pilots that they may have.
 */
final class DemandBell implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DemandBell.class);
  private static final Duration BURST = Duration.ofMillis(200);
  private static final Duration ECHO = Duration.ofSeconds(2);

  private final Tasks tasks;
  private final ProvisioningCycle cycle;
  private final Semaphore rung = new Semaphore(0);
  private final Thread ringer;

  DemandBell(Tasks tasks, ProvisioningCycle cycle) {
    this.tasks = tasks;
    this.cycle = cycle;
    this.ringer = Thread.ofVirtual().name("demand-bell").start(this::serve);
  }

  @EventListener
  void waiting(JobEvents.Waiting event) {
    if (!cycle.saturated()) {
      Transactions.afterCommit(this::ring);
    }
  }

  /** Something changed that may call for other pilots. */
  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  private void serve() {
    try {
      while (true) {
        rung.acquire();
        rung.drainPermits();
        Thread.sleep(BURST);
        wake();
        if (!rung.tryAcquire(ECHO.toMillis(), TimeUnit.MILLISECONDS)) {
          wake();
        } else {
          rung.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    try {
      tasks.wake(ProvisioningCycle.TYPE);
    } catch (RuntimeException e) {
      log.warn("provisioning was not woken: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    ringer.interrupt();
  }
}
