package org.spinor.pilot.wrapper;

import java.time.Duration;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.wrapper.StopSwitch.Stopped;

/** Repeats calls to the server while it is away, until a stop or the end of the patience. */
final class Retry {
  private final StopSwitch stop;
  private final Duration firstPause;
  private final Duration longestPause;
  private final Log log;

  Retry(StopSwitch stop, Duration firstPause, Duration longestPause, Log log) {
    this.stop = stop;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
    this.log = log;
  }

  /** A call that may be made again after a failure. */
  interface Step<T> {
    T take() throws NodeFailure;
  }

  /**
   * @param what the call, for the log
   * @param patience how long it is repeated
   * @throws NodeFailure the patience is over
   * @throws RuntimeException the server refuses the call for good
   */
  <T> T call(String what, Patience patience, Step<T> step)
      throws NodeFailure, Stopped, InterruptedException {
    Backoff backoff = new Backoff(firstPause, longestPause);
    String told = "";
    while (true) {
      stop.checkUrgent();
      try {
        return step.take();
      } catch (RuntimeException e) {
        switch (Fault.of(e)) {
          case STALE -> stop.stop(new StopReason.Lost(String.valueOf(e.getMessage())));
          case REFUSED -> throw e;
          case TEMPORARY, DENIED -> {
            String text = what + ": " + e.getMessage();
            giveUpOrWait(text, !text.equals(told), patience, backoff);
            told = text;
          }
        }
      }
    }
  }

  private void giveUpOrWait(String text, boolean news, Patience patience, Backoff backoff)
      throws NodeFailure, InterruptedException {
    if (patience.over()) {
      throw new NodeFailure(text);
    }
    if (news) {
      log.warn(text + "; it is tried again");
    }
    Duration pause = backoff.next();
    Duration left = patience.left();
    stop.await(pause.compareTo(left) < 0 ? pause : left.plusMillis(1));
  }

  /** As {@link #call} without a result. */
  void run(String what, Patience patience, Runnable step)
      throws NodeFailure, Stopped, InterruptedException {
    boolean done =
        call(
            what,
            patience,
            () -> {
              step.run();
              return true;
            });
    if (!done) {
      throw new IllegalStateException(what);
    }
  }
}
