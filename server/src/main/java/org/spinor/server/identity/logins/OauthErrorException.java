package org.spinor.server.identity.logins;

/** A refusal that OAuth clients know by its name: 400 with {@code error}. */
final class OauthErrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The user of a device has not answered yet. */
  static final String PENDING = "authorization_pending";

  /** The user said no. */
  static final String DENIED = "access_denied";

  private final String error;

  /**
   * @param detail for people; empty: the error's name says it all
   */
  OauthErrorException(String error, String detail) {
    super(detail);
    this.error = error;
  }

  String error() {
    return error;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
