package org.spinor.it;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that another process does. */
public final class Await {
  private Await() {}

  public static void until(String what, Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + atMost.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
