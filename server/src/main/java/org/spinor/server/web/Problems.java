package org.spinor.server.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** Refusals from places that no controller is behind: filters. */
public final class Problems {
  private Problems() {}

  /** Answers with the same body as if a controller had thrown it. Headers may be set before. */
  public static void write(HttpServletResponse response, SpinorException refusal)
      throws IOException {
    sayWhenToRetry(response, refusal.code());
    write(response, of(refusal));
  }

  static void write(HttpServletResponse response, Problem problem) throws IOException {
    byte[] body = WireJson.mapper().writeValueAsBytes(problem);
    response.setStatus(problem.status());
    response.setContentType("application/problem+json");
    response.setContentLength(body.length);
    if (problem.status() == ErrorCode.UNAVAILABLE.httpStatus()) {
      response.setHeader("Retry-After", "10");
    }
    response.getOutputStream().write(body);
  }

  /** Who knows better when a limit ends has set the header already. */
  static void sayWhenToRetry(HttpServletResponse response, ErrorCode code) {
    if (code == ErrorCode.TOO_MANY_REQUESTS && !response.containsHeader("Retry-After")) {
      response.setHeader("Retry-After", "60");
    }
  }

  /** What happened inside the server stays inside; the trace id leads to it. */
  static Problem of(SpinorException refusal) {
    ErrorCode code = refusal.code();
    String text = refusal.getMessage() == null ? code.name() : refusal.getMessage();
    return code == ErrorCode.INTERNAL
        ? Problem.of(code, "internal error; the server's log tells more")
        : Problem.of(code, code.httpStatus(), text, refusal.problems());
  }
}
