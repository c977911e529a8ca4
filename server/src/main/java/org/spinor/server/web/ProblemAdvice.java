package org.spinor.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.web.Problem.Misfit;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/**
 * The one place where failures become answers. What the caller did wrong is logged for debugging
 * only; what the server did wrong is logged once, with its stack.
 */
@RestControllerAdvice
final class ProblemAdvice {
  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  /** SQL state of a text that the database's encoding does not have. */
  private static final String NO_SUCH_CHARACTER = "22021";

  private final SlashRedirects redirects;

  ProblemAdvice(SlashRedirects redirects) {
    this.redirects = redirects;
  }

  @ExceptionHandler
  ResponseEntity<Problem> refusal(SpinorException e, HttpServletResponse response) {
    if (e.code().httpStatus() >= 500) {
      log.error("{}: {}", e.code(), e.getMessage(), e);
    } else {
      log.debug("refused: {}", e.getMessage());
    }
    Problems.sayWhenToRetry(response, e.code());
    return answer(Problems.of(e));
  }

  @ExceptionHandler
  ResponseEntity<Problem> unreadable(
      HttpMessageNotReadableException e, HttpServletResponse response) {
    Optional<SpinorException> refusal = cause(e, SpinorException.class);
    if (refusal.isPresent()) {
      return refusal(refusal.get(), response);
    }
    Optional<JacksonException> json = cause(e, JacksonException.class);
    if (json.isPresent() && cause(e, IOException.class).isEmpty()) {
      return misfits(List.of(RequestMisfits.body(json.get())));
    }
    return misfits(List.of(RequestMisfits.noBody()));
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  @ExceptionHandler
  ResponseEntity<Problem> wrongType(MethodArgumentTypeMismatchException e) {
    String place = e.getParameter().hasParameterAnnotation(PathVariable.class) ? "path" : "query";
    Object value = e.getValue() == null ? "" : e.getValue();
    return misfits(
        List.of(RequestMisfits.wrongType(place, e.getName(), e.getRequiredType(), value)));
  }

  @ExceptionHandler
  ResponseEntity<Problem> missing(MissingServletRequestParameterException e) {
    return misfits(List.of(RequestMisfits.missing("query", e.getParameterName())));
  }

  @ExceptionHandler
  ResponseEntity<Problem> missing(MissingRequestHeaderException e) {
    return misfits(List.of(RequestMisfits.missing("header", e.getHeaderName())));
  }

  @ExceptionHandler
  ResponseEntity<Problem> missing(MissingServletRequestPartException e) {
    return misfits(List.of(RequestMisfits.missing("body", e.getRequestPartName())));
  }

  @ExceptionHandler
  ResponseEntity<Problem> invalid(HandlerMethodValidationException e) {
    List<Misfit> all = new ArrayList<>();
    e.getParameterValidationResults()
        .forEach(
            result -> {
              String name = result.getMethodParameter().getParameterName();
              result
                  .getResolvableErrors()
                  .forEach(
                      error ->
                          all.add(
                              new Misfit(
                                  "value_error",
                                  List.of("query", name == null ? "" : name),
                                  String.valueOf(error.getDefaultMessage()),
                                  String.valueOf(result.getArgument()))));
            });
    return misfits(all);
  }

  @ExceptionHandler
  ResponseEntity<Problem> unknown(NoResourceFoundException e, HttpServletRequest request) {
    Optional<URI> registered = redirects.registeredForm(request);
    if (registered.isPresent()) {
      return ResponseEntity.status(307).location(registered.get()).build();
    }
    return answer(Problem.of(ErrorCode.NOT_FOUND, "Not Found"));
  }

  @ExceptionHandler
  ResponseEntity<Problem> wrongMethod(HttpRequestMethodNotSupportedException e) {
    return answer(
        Problem.of(ErrorCode.INVALID_REQUEST, 405, "Method Not Allowed", List.of()),
        e.getHeaders());
  }

  /** What Tomcat or the firewall sees only when somebody asks for a parameter. */
  @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
  ResponseEntity<Problem> malformed(RuntimeException e) {
    log.debug("refused: {}", e.getMessage());
    return answer(
        Problem.of(ErrorCode.INVALID_REQUEST, "the parameters of the request are malformed"));
  }

  @ExceptionHandler
  ResponseEntity<Problem> tooLarge(MaxUploadSizeExceededException e) {
    return answer(Problem.of(ErrorCode.TOO_LARGE, "the upload is too large"));
  }

  @ExceptionHandler({
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class,
    RecoverableDataAccessException.class,
    CannotCreateTransactionException.class
  })
  ResponseEntity<Problem> databaseAway(RuntimeException e) {
    log.warn("the database did not answer: {}", e.getMessage());
    return answer(
        Problem.of(ErrorCode.UNAVAILABLE, "the database does not answer; try again in a moment"));
  }

  /** PostgreSQL has no NUL in texts; nobody needs one. */
  @ExceptionHandler
  @Nullable ResponseEntity<Problem> unfit(
      DataIntegrityViolationException e, HttpServletRequest request) {
    boolean text =
        cause(e, SQLException.class)
            .filter(failure -> NO_SUCH_CHARACTER.equals(failure.getSQLState()))
            .isPresent();
    return text
        ? answer(Problem.of(ErrorCode.INVALID_REQUEST, "a text has a NUL character in it"))
        : unexpected(e, request);
  }

  /** The client is gone: nobody to answer. */
  @ExceptionHandler(AsyncRequestNotUsableException.class)
  void gone() {}

  @ExceptionHandler
  @Nullable ResponseEntity<Problem> unexpected(Exception e, HttpServletRequest request) {
    if (e instanceof ErrorResponse known && known.getStatusCode().value() < 500) {
      String text = known.getBody().getDetail();
      int status = known.getStatusCode().value();
      return answer(
          Problem.of(ErrorValve.codeOf(status), status, text == null ? "refused" : text, List.of()),
          known.getHeaders());
    }
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
    return answer(Problem.of(ErrorCode.INTERNAL, "internal error; the server's log tells more"));
  }

  private static ResponseEntity<Problem> misfits(List<Misfit> all) {
    return answer(Problem.of(ErrorCode.UNPROCESSABLE, all));
  }

  private static ResponseEntity<Problem> answer(Problem problem) {
    return answer(problem, new HttpHeaders());
  }

  private static ResponseEntity<Problem> answer(Problem problem, HttpHeaders headers) {
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .headers(headers)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.status() == ErrorCode.UNAVAILABLE.httpStatus()) {
      answer.header(HttpHeaders.RETRY_AFTER, "10");
    }
    return answer.body(problem);
  }
}
