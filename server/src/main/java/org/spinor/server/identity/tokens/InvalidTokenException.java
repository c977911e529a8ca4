package org.spinor.server.identity.tokens;

/** A token that is not good. The message is for the log and says nothing of the token's text. */
public final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  InvalidTokenException(String reason) {
    super(reason);
    this.reason = reason;
  }

  InvalidTokenException(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
