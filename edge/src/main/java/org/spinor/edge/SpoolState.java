package org.spinor.edge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Whether a spool can be used.
 *
 * @param since when that began
 * @param why not, in words; empty: it can, or nobody knows yet
 */
public record SpoolState(Kind kind, Instant since, String why) {
  /** What is known. */
  public enum Kind {
    /** Nobody has looked yet. */
    BEGINNING,
    UP,
    AWAY
  }

  /** Of a spool at which nobody has looked. */
  public static SpoolState beginning() {
    return new SpoolState(Kind.BEGINNING, now(), "");
  }

  /** Of one that cannot be used as of now. */
  public static SpoolState away(String reason) {
    return beginning().fails(reason);
  }

  SpoolState works() {
    return kind == Kind.UP ? this : new SpoolState(Kind.UP, now(), "");
  }

  /** The reason may change while it is away; the time does not. */
  SpoolState fails(String reason) {
    return new SpoolState(Kind.AWAY, kind == Kind.AWAY ? since : now(), reason);
  }

  boolean isSame(SpoolState other) {
    return kind == other.kind && why.equals(other.why);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** For people, as {@code away since 2026-11-27T05:00:00Z: no route to host}. */
  @Override
  public String toString() {
    return switch (kind) {
      case BEGINNING -> "not looked at yet";
      case UP -> "the spool is up since " + since;
      case AWAY -> "the spool is away since " + since + ": " + why;
    };
  }
}
