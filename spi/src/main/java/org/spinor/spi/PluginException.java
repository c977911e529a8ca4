package org.spinor.spi;

/**
 * A call to a plug-in failed as a whole. The kind says what the server does about it; the message
 * is shown to operators, so it names the cause and, where there is one, the remedy. It never holds
 * a secret.
 */
public abstract sealed class PluginException extends RuntimeException
    permits TemporaryException, MisconfiguredException, RefusedException {
  private static final long serialVersionUID = 1L;

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }

  PluginException(String message) {
    super(message);
  }
}
