package org.spinor.server.identity.access;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.access.ServerRoutes.Mapped;
import org.spinor.server.identity.tokens.Bearer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Decides on every request, when Spring has chosen the handler and before the handler's arguments
 * are read: the row that is asked is that of the handler that would run, so no way of writing a
 * path can get past it. Until {@link #guard} has been called nobody gets anything.
 */
final class AccessInterceptor implements HandlerInterceptor {
  private static final String CALLER = Caller.class.getName();
  private static final String FILES = "/**";

  private final Audit audit;
  private volatile Map<String, Map<String, AccessRow>> rows = Map.of();

  AccessInterceptor(Audit audit) {
    this.audit = audit;
  }

  /**
   * Takes the rows of these routes into use.
   *
   * @throws SpinorException with everything that does not fit between tables and routes
   */
  void guard(AccessRules rules, Collection<Mapped> routes) {
    List<String> problems = rules.problems(routes.stream().map(Mapped::route).toList());
    if (!problems.isEmpty()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "the access tables (server/src/main/resources/access) and the routes of this server do"
              + " not fit",
          problems);
    }
    Map<String, Map<String, AccessRow>> byPattern = new HashMap<>();
    for (Mapped mapped : routes) {
      rules
          .row(mapped.route())
          .ifPresent(
              row ->
                  byPattern
                      .computeIfAbsent(mapped.pattern(), any -> new HashMap<>())
                      .put(mapped.method(), row));
    }
    rows = byPattern;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws HttpRequestMethodNotSupportedException, NoResourceFoundException {
    if (request.getDispatcherType() == DispatcherType.ASYNC
        || request.getDispatcherType() == DispatcherType.ERROR) {
      return true; // decided when the request came in
    }
    AccessRow row = row(request);
    if (row.isOpen()) {
      return true;
    }
    Bearer bearer = bearer(request, response, row);
    Optional<Reach> reach = row.reach(bearer.roles());
    if (reach.isEmpty() || (bearer.untrusted() && reach.get() != Reach.OWN)) {
      throw forbidden(request, row, bearer);
    }
    Caller caller = bearer.with(reach.get());
    audit.allowed(row, caller, request);
    request.setAttribute(CALLER, caller);
    return true;
  }

  static Optional<Caller> caller(@Nullable HttpServletRequest request) {
    return request != null && request.getAttribute(CALLER) instanceof Caller caller
        ? Optional.of(caller)
        : Optional.empty();
  }

  private AccessRow row(HttpServletRequest request)
      throws HttpRequestMethodNotSupportedException, NoResourceFoundException {
    Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    if (pattern == null) {
      throw new HttpRequestMethodNotSupportedException(request.getMethod());
    }
    Map<String, AccessRow> methods = rows.getOrDefault(pattern.toString(), Map.of());
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    AccessRow row = methods.get(method);
    if (row == null) {
      if (pattern.equals(FILES)) {
        // Spring tried its folder of files last: there is no such route at all
        throw new NoResourceFoundException(
            HttpMethod.valueOf(method), request.getRequestURI(), request.getRequestURI());
      }
      if (!methods.isEmpty()) {
        throw new HttpRequestMethodNotSupportedException(request.getMethod(), methods.keySet());
      }
      SecurityLog.refused(
          method + " " + pattern, "anybody", request.getRemoteAddr(), "the route has no row");
      throw new SpinorException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    return row;
  }

  private static Bearer bearer(
      HttpServletRequest request, HttpServletResponse response, AccessRow row) {
    return switch (BearerFilter.of(request)) {
      case Authentication.Known(Bearer bearer) -> bearer;
      case Authentication.Absent() -> {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Authorization header is missing");
      }
      case Authentication.Malformed() ->
          throw new SpinorException(ErrorCode.INVALID_REQUEST, "Invalid authorization header");
      case Authentication.Invalid(String reason) -> {
        SecurityLog.refused(row.text(), "bad token", request.getRemoteAddr(), reason);
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid JWT");
      }
    };
  }

  private static SpinorException forbidden(
      HttpServletRequest request, AccessRow row, Bearer bearer) {
    Caller caller = bearer.own();
    String roles =
        String.join(", ", row.cells().keySet())
            + (row.barred().isEmpty() ? "" : " and not for " + String.join(", ", row.barred()));
    SecurityLog.refused(
        row.text(), caller.subject(), request.getRemoteAddr(), "needs one of " + roles);
    return new SpinorException(
        ErrorCode.FORBIDDEN,
        "Forbidden: %s is for %s; you are %s"
            .formatted(row.text(), roles, description(caller, bearer.untrusted())));
  }

  private static String description(Caller caller, boolean untrusted) {
    String trust = untrusted ? "at a machine that nobody vouches for, and there " : "";
    if (caller.attempt().isPresent()) {
      return trust + "the payload of job " + caller.attempt().get().jobId();
    }
    if (caller.pilotStamp().isPresent()) {
      return trust + "pilot " + caller.pilotStamp().get();
    }
    return "%s of group %s in %s with %s"
        .formatted(
            caller.username(),
            caller.group(),
            caller.vo(),
            caller.properties().isEmpty()
                ? "no property"
                : String.join(", ", caller.properties().stream().sorted().toList()));
  }
}
