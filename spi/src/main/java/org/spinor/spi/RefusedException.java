package org.spinor.spi;

/**
 * The service behind the plug-in understood and said no: not authorised, account closed, this kind
 * of request not taken, a capability that the plug-in does not have. Nothing was done. The same
 * call would be refused again.
 */
public final class RefusedException extends PluginException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  public RefusedException(String message) {
    super(message);
  }
}
