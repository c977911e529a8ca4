package org.spinor.server;

/** The command line asks for what does not exist; the message says what does. Exit code 2. */
public final class WrongUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WrongUseException(String message) {
    super(message);
  }
}
