package org.spinor.api;

import java.util.List;

/**
 * A refusal with a stable code. The server answers it as problem JSON, the client rebuilds it from
 * that.
 */
public final class SpinorException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;
  private final List<String> problems;

  public SpinorException(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /**
   * @param problems every single problem, where the message sums up several; one line each
   */
  public SpinorException(ErrorCode code, String message, List<String> problems) {
    super(message);
    this.code = code;
    this.problems = List.copyOf(problems);
  }

  public ErrorCode code() {
    return code;
  }

  public List<String> problems() {
    return problems;
  }
}
