package org.spinor.pilot.wrapper;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells a wrapper to stop. The first reason counts, except that a lost attempt goes before all. */
final class StopSwitch {
  private final CompletableFuture<StopReason> first = new CompletableFuture<>();
  private volatile boolean lost;

  void stop(StopReason reason) {
    if (reason instanceof StopReason.Lost) {
      lost = true;
    }
    first.complete(reason);
  }

  Optional<StopReason> reason() {
    StopReason reason = first.getNow(null);
    if (reason == null) {
      return Optional.empty();
    }
    return Optional.of(lost ? new StopReason.Lost("the attempt has ended") : reason);
  }

  boolean lost() {
    return lost;
  }

  /** Completed on the first stop. */
  CompletableFuture<StopReason> future() {
    return first;
  }

  /** Waits; a stop that comes meanwhile ends the wait. */
  void await(Duration pause) throws InterruptedException {
    if (first.isDone()) { // an earlier stop that did not end the work: a plain pause
      Thread.sleep(pause);
      return;
    }
    try {
      first.get(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // nobody stopped it
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Throws if there is a stop. */
  void check() throws Stopped {
    Optional<StopReason> reason = reason();
    if (reason.isPresent()) {
      throw new Stopped(reason.get());
    }
  }

  /**
   * Throws if there is a stop that also ends the work after the payload: the user's kill, or a lost
   * attempt.
   */
  void checkUrgent() throws Stopped {
    Optional<StopReason> reason = reason();
    if (reason.isPresent()) {
      switch (reason.get()) {
        case StopReason.Killed killed -> throw new Stopped(killed);
        case StopReason.Lost gone -> throw new Stopped(gone);
        case StopReason.GivenBack _, StopReason.OverLimit _ -> {}
      }
    }
  }

  /** The wrapper's work ends here. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient StopReason reason;

    Stopped(StopReason reason) {
      super(reason.toString());
      this.reason = reason;
    }

    StopReason reason() {
      return reason;
    }
  }
}
