package org.spinor.spi;

/**
 * The service behind the plug-in could not be reached, was too slow, or said to come back later.
 * What was asked may have been done all the same. The server repeats the call with the same
 * arguments after a pause; therefore every call is idempotent.
 */
public final class TemporaryException extends PluginException {
  private static final long serialVersionUID = 1L;

  public TemporaryException(String message, Throwable cause) {
    super(message, cause);
  }

  public TemporaryException(String message) {
    super(message);
  }
}
