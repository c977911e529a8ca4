package org.spinor.spi;

/**
 * Nothing will work before an operator changes something: a program is missing, a host name is
 * wrong, a queue does not exist, a credential is not there. Nothing was done. The server asks again
 * rarely, and at once when the configuration has changed.
 */
public final class MisconfiguredException extends PluginException {
  private static final long serialVersionUID = 1L;

  public MisconfiguredException(String message, Throwable cause) {
    super(message, cause);
  }

  public MisconfiguredException(String message) {
    super(message);
  }
}
