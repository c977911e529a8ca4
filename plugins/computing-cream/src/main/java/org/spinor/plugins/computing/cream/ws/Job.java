package org.spinor.plugins.computing.cream.ws;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job as CREAM knows it.
 *
 * @param id as {@code CREAM123456789}
 * @param state empty: one that is not known here
 * @param word the state in CREAM's word
 * @param reason why it failed or is held; empty where CREAM says nothing
 * @param host where it runs or ran
 * @param delegation whose proxy it has
 */
public record Job(
    String id,
    Optional<CreamState> state,
    String word,
    String reason,
    OptionalInt exitCode,
    Optional<String> host,
    String jdl,
    String delegation) {

  public boolean is(CreamState wanted) {
    return state.equals(Optional.of(wanted));
  }
}
