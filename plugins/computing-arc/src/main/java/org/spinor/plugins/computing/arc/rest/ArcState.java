package org.spinor.plugins.computing.arc.rest;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * States of a job as the REST interface names them, in the order in which a job goes through them.
 */
public enum ArcState {
  /** Being created. */
  ACCEPTING,
  /** Waits for its turn to get its input. */
  ACCEPTED,
  /** Gets its input, from its owner too. */
  PREPARING,
  /** Has its input, waits for its turn. */
  PREPARED,
  /** Goes to the batch system. */
  SUBMITTING,
  /** In the batch system, waits there. */
  QUEUING,
  /** In the batch system, kept from running. */
  HELD,
  /** In the batch system, in a state that ARC has no name for (suspended, requeued). */
  OTHER,
  RUNNING,
  /** Has ended in the batch system, which cleans up after it. */
  EXITINGLRMS,
  /** Has ended in the batch system, waits for its turn to deliver its output. */
  EXECUTED,
  /** Delivers its output. */
  FINISHING,
  /** Is being cancelled. */
  KILLING,
  FINISHED,
  FAILED,
  KILLED,
  /** Ended, and its files are gone. */
  WIPED;

  /** Empty for a name that this class does not know. */
  public static Optional<ArcState> named(String name) {
    return Arrays.stream(values()).filter(state -> state.name().equals(name)).findFirst();
  }

  /** Whether files may still be missing, so that it cannot have started. */
  public boolean takesInput() {
    return compareTo(PREPARING) <= 0;
  }

  /** Whether it is with the batch system. */
  public boolean isInBatchSystem() {
    return compareTo(QUEUING) >= 0 && compareTo(EXITINGLRMS) <= 0;
  }

  public boolean isFinal() {
    return compareTo(FINISHED) >= 0;
  }

  /** All of them, for the filter of a list. */
  static String all() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(","));
  }
}
