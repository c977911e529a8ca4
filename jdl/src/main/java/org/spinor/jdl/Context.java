package org.spinor.jdl;

import java.time.InstantSource;
import java.util.Optional;

/**
 * What an evaluation can see.
 *
 * @param self the ad that the expression belongs to
 * @param other the ad that it is matched with; without one, {@code other.x} is undefined
 * @param clock for the function {@code time()}, which is an error without one: nothing else depends
 *     on when it is evaluated
 * @param budget how many steps the evaluation may take, after which it ends in an error; one step
 *     is about one operation, or 16 characters of text
 */
public record Context(Ad self, Optional<Ad> other, Optional<InstantSource> clock, int budget) {

  /** Enough for any sensible expression, and less than a second. */
  public static final int DEFAULT_BUDGET = 1_000_000;

  public static Context of(Ad self) {
    return new Context(self, Optional.empty(), Optional.empty(), DEFAULT_BUDGET);
  }

  public static Context of(Ad self, Ad other) {
    return new Context(self, Optional.of(other), Optional.empty(), DEFAULT_BUDGET);
  }

  public Context withSelf(Ad ad) {
    return new Context(ad, other, clock, budget);
  }

  public Context withClock(InstantSource source) {
    return new Context(self, other, Optional.of(source), budget);
  }

  public Context withBudget(int steps) {
    return new Context(self, other, clock, steps);
  }
}
