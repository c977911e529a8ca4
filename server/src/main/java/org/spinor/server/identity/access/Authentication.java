package org.spinor.server.identity.access;

import org.spinor.server.identity.tokens.Bearer;

/** What the {@code Authorization} header of a request turned out to be. */
sealed interface Authentication {
  record Absent() implements Authentication {}

  /** Another scheme than Bearer, or not even that. */
  record Malformed() implements Authentication {}

  /**
   * @param reason for the log
   */
  record Invalid(String reason) implements Authentication {}

  record Known(Bearer bearer) implements Authentication {}
}
