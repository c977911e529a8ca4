package org.spinor.api;

import java.util.EnumSet;
import java.util.Set;

/** The status of a pilot. The names are the wire format. */
public enum PilotStatus {
  Submitted,
  Waiting,
  Running,
  Done,
  Failed,
  Deleted,
  Aborted,
  Unknown;

  /** States from which a pilot does not return. */
  public static final Set<PilotStatus> FINAL = EnumSet.of(Done, Aborted, Deleted, Failed);

  /** States of a pilot that was sent and has not spoken yet. */
  public static final Set<PilotStatus> NOT_STARTED = EnumSet.of(Submitted, Waiting);

  public boolean isFinal() {
    return FINAL.contains(this);
  }
}
