package org.spinor.server.provisioning.spools;

import java.time.Instant;

/**
 * A spool as the table has it.
 *
 * @param worker the server that looks at it, or did last; empty: none
 * @param served whether that server's lease is good
 */
public record SpoolRow(
    String place, String worker, boolean served, State state, Instant since, String why) {
  /** What its server found. */
  public enum State {
    BEGINNING("beginning"),
    UP("up"),
    AWAY("away");

    private final String wire;

    State(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }

    static State of(String wire) {
      for (State state : values()) {
        if (state.wire.equals(wire)) {
          return state;
        }
      }
      throw new IllegalArgumentException(wire);
    }
  }

  /** Pilots can call through it. */
  public boolean isOpen() {
    return served && state == State.UP;
  }

  /** Pilots cannot, and that will not change by itself within seconds. */
  public boolean isAway() {
    return served && state == State.AWAY;
  }

  /** For people. */
  public String words() {
    if (!served) {
      return worker.isEmpty()
          ? "no server looks at it yet"
          : "no server looks at it: " + worker + " did last";
    }
    return switch (state) {
      case BEGINNING -> "server " + worker + " begins to look at it";
      case UP -> "up since " + since + ", by server " + worker;
      case AWAY -> "away since " + since + ", for server " + worker + ": " + why;
    };
  }
}
