package org.spinor.plugins.computing.cream.ws;

import java.util.Arrays;
import java.util.Optional;

/** States of CREAM's jobs. */
public enum CreamState {
  /** Described, and not started: it waits for {@code JobStart}. */
  REGISTERED,
  /** Being handed to the batch system. */
  PENDING,
  /** Waits in the batch system. */
  IDLE,
  /** CREAM's wrapper runs. */
  RUNNING,
  /** The job itself runs. */
  REALLY_RUNNING,
  HELD,
  CANCELLED,
  /** The job ended, whatever its exit code. */
  DONE_OK,
  /** CREAM's wrapper or the batch system failed. */
  DONE_FAILED,
  /** Never came into the batch system, or got lost there. */
  ABORTED,
  PURGED;

  /** With dash or underscore, as CREAM has both; empty: not known here. */
  static Optional<CreamState> named(String name) {
    String word = name.strip().replace('-', '_');
    return Arrays.stream(values()).filter(state -> state.name().equals(word)).findFirst();
  }

  public boolean isFinal() {
    return compareTo(CANCELLED) >= 0;
  }
}
