package org.spinor.api;

/**
 * Every error that an API answer can carry: a stable name for programs, the kind of fault, the HTTP
 * status. Clients decide by the code, people read the text.
 */
public enum ErrorCode {
  INVALID_REQUEST(Kind.USER, 400),
  JDL_INVALID(Kind.USER, 400),
  CONFIGURATION_INVALID(Kind.USER, 400),
  TOO_LARGE(Kind.USER, 413),
  NOT_AUTHENTICATED(Kind.DENIED, 401),
  FORBIDDEN(Kind.DENIED, 403),
  NOT_FOUND(Kind.USER, 404),
  CONFLICT(Kind.CONFLICT, 409),
  /**
   * A write of an attempt that has ended: the job was given to another pilot, killed, or finished.
   * The writer must stop.
   */
  STALE_ATTEMPT(Kind.CONFLICT, 409),
  /** What the writer has seen is not the newest any more ({@code If-Match}): look again. */
  PRECONDITION_FAILED(Kind.CONFLICT, 412),
  UNPROCESSABLE(Kind.USER, 422),
  TOO_MANY_REQUESTS(Kind.RESOURCE, 429),
  INTERNAL(Kind.INTERNAL, 500),
  EXTERNAL(Kind.EXTERNAL, 502),
  UNAVAILABLE(Kind.RESOURCE, 503);

  /** Whose fault it is. */
  public enum Kind {
    USER,
    DENIED,
    CONFLICT,
    EXTERNAL,
    RESOURCE,
    INTERNAL
  }

  private final Kind kind;
  private final int httpStatus;

  ErrorCode(Kind kind, int httpStatus) {
    this.kind = kind;
    this.httpStatus = httpStatus;
  }

  public Kind kind() {
    return kind;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
