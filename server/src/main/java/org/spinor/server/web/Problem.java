package org.spinor.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.springframework.http.HttpStatus;

/**
 * The body of every refusal: problem details of RFC 9457 with what DiracX's clients look for.
 *
 * @param title the HTTP status in words
 * @param detail what is wrong, for people; for bodies that do not fit (422) a list of {@link
 *     Misfit}
 * @param message the detail again, where it is text: with a code beside it, DiracX's generated
 *     clients show this and nothing else
 * @param code for programs: a name of {@link ErrorCode}
 * @param problems every single problem, where the detail sums up several
 * @param traceId finds the request in the server's log
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
    String title,
    int status,
    Object detail,
    @Nullable String message,
    String code,
    List<String> problems,
    @JsonProperty("trace_id") @Nullable String traceId) {

  /** One place of a request that does not fit, in the form that DiracX's clients know. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Misfit(String type, List<Object> loc, String msg, @Nullable Object input) {}

  static Problem of(ErrorCode code, Object detail) {
    return of(code, code.httpStatus(), detail, List.of());
  }

  static Problem of(ErrorCode code, int status, Object detail, List<String> problems) {
    HttpStatus known = HttpStatus.resolve(status);
    return new Problem(
        known == null ? "Error" : known.getReasonPhrase(),
        status,
        detail,
        detail instanceof String text ? text : null,
        code.name(),
        problems,
        status >= 500 ? RequestTrace.current() : null);
  }
}
