package org.spinor.server.web;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.spinor.api.ErrorCode;
import org.springframework.http.HttpStatus;

/** Tomcat's own refusals (malformed requests, failures in filters) as problem JSON. */
final class ErrorValve extends ErrorReportValve {
  private static final Logger log = LoggerFactory.getLogger(ErrorValve.class);

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    if (failure != null) {
      // What was no HTTP is its sender's affair.
      Level level = status >= 500 ? Level.ERROR : Level.DEBUG;
      log.atLevel(level)
          .setCause(failure)
          .log("{} {} failed", request.getMethod(), request.getRequestURI());
    }
    HttpStatus known = HttpStatus.resolve(status);
    Problem problem =
        Problem.of(
            codeOf(status), status, known == null ? "Error" : known.getReasonPhrase(), List.of());
    try {
      response.setContentType("application/problem+json");
      response.setCharacterEncoding("UTF-8");
      Writer writer = response.getReporter();
      if (writer != null) {
        writer.write(WireJson.mapper().writeValueAsString(problem));
        response.finishResponse();
      }
    } catch (IOException e) {
      log.debug("the client did not wait for the error", e);
    }
  }

  static ErrorCode codeOf(int status) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.httpStatus() == status) {
        return code;
      }
    }
    return status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID_REQUEST;
  }
}
