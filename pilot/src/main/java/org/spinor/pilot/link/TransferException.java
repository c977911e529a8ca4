package org.spinor.pilot.link;

/** Bytes did not arrive, or not as they were sent. Worth another try, with a new address. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TransferException(String message) {
    super(message);
  }
}
