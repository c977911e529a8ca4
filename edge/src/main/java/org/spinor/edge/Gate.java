package org.spinor.edge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shut while the server is away: everybody waits, and one at a time goes to see. The first who gets
 * through opens it for all, so that what has gathered goes out at once.
 */
final class Gate {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** How often whoever waits looks whether it still has to. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean open = true;
  private boolean scouting;
  private int failures;
  private long nextScout;
  private long shutSince;
  private String why = "";

  /**
   * Waits for the way to be free, or for the own turn to go and see. Whoever is let in must say
   * {@link #passed} or {@link #failed}.
   *
   * @return false: the patience is over
   */
  boolean enter(Patience patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!open) {
        if (patience.over()) {
          return false;
        }
        long untilScout = nextScout - System.nanoTime();
        if (!scouting && untilScout <= 0) {
          scouting = true;
          return true;
        }
        long nanos = scouting ? LOOK.toNanos() : Math.min(LOOK.toNanos(), untilScout);
        changed.await(Math.max(1, nanos), TimeUnit.NANOSECONDS);
      }
      return !patience.over();
    } finally {
      lock.unlock();
    }
  }

  /** The server was reached. */
  void passed() {
    lock.lock();
    try {
      open = true;
      scouting = false;
      failures = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It was not. */
  void failed(String reason) {
    lock.lock();
    try {
      if (open) {
        shutSince = System.nanoTime();
      }
      open = false;
      scouting = false;
      why = reason;
      long pause = FIRST_PAUSE.toNanos() << Math.min(failures, 4);
      failures++;
      nextScout = System.nanoTime() + Math.min(pause, LONGEST_PAUSE.toNanos());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** For people: {@code up}, or since when and why not. */
  String state() {
    lock.lock();
    try {
      return open
          ? "up"
          : "away for "
              + Duration.ofNanos(System.nanoTime() - shutSince).toSeconds()
              + " s: "
              + why;
    } finally {
      lock.unlock();
    }
  }
}
