package org.spinor.server.identity;

import org.jspecify.annotations.Nullable;

/**
 * There is no credential for the outside. The message names the VO, the provider and what to do; it
 * holds no secret.
 */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who can change it. */
  public enum Remedy {
    /** Nothing works before an operator of this installation or of the provider acts. */
    OPERATOR,
    /** Whoever asked: it asked for what it may not have. */
    CALLER,
    /** Time: the provider does not answer, or not now. */
    LATER
  }

  private final Remedy remedy;

  public BrokerException(Remedy remedy, String message) {
    this(remedy, message, null);
  }

  public BrokerException(Remedy remedy, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  public Remedy remedy() {
    return remedy;
  }
}
