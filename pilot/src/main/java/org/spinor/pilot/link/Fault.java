package org.spinor.pilot.link;

import org.spinor.api.SpinorException;

/** What a failed call means for whoever made it. */
public enum Fault {
  /**
   * The server is away or busy: the same call may succeed later. Also what nobody foresaw, such as
   * the page of a proxy in place of an answer: no thread that keeps a job alive may end by it.
   */
  TEMPORARY,
  /** The attempt has ended: stop, report nothing more. */
  STALE,
  /** The token is not taken (any more). */
  DENIED,
  /** The call itself is wrong; repeating it is useless. */
  REFUSED;

  /** Sorts what the calls of this package throw. */
  public static Fault of(RuntimeException failure) {
    return switch (failure) {
      case SpinorException refusal ->
          switch (refusal.code()) {
            case TOO_MANY_REQUESTS, INTERNAL, EXTERNAL, UNAVAILABLE -> TEMPORARY;
            case STALE_ATTEMPT -> STALE;
            case NOT_AUTHENTICATED, FORBIDDEN -> DENIED;
            case INVALID_REQUEST,
                JDL_INVALID,
                CONFIGURATION_INVALID,
                TOO_LARGE,
                NOT_FOUND,
                CONFLICT,
                PRECONDITION_FAILED,
                UNPROCESSABLE ->
                REFUSED;
          };
      default -> TEMPORARY;
    };
  }
}
