package org.spinor.bench;

import java.io.Serial;

/** This machine lacks what a benchmark needs; the message says what, and how to get it. */
final class MissingException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  MissingException(String message, Throwable cause) {
    super(message, cause);
  }

  MissingException(String message) {
    super(message);
  }
}
