package org.spinor.server.identity.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.spinor.server.identity.tokens.InvalidTokenException;
import org.spinor.server.identity.tokens.TokenReader;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out who calls. It refuses nobody: whether a token is needed is known only with the route
 * ({@link AccessInterceptor}), and an outdated token does not close an open one.
 */
final class BearerFilter extends OncePerRequestFilter {
  private static final String ATTRIBUTE = BearerFilter.class.getName();
  private static final String SCHEME = "Bearer ";

  private final TokenReader tokens;

  BearerFilter(TokenReader tokens) {
    this.tokens = tokens;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    request.setAttribute(ATTRIBUTE, authenticate(request.getHeader(HttpHeaders.AUTHORIZATION)));
    chain.doFilter(request, response);
  }

  static Authentication of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Authentication authentication
        ? authentication
        : new Authentication.Absent();
  }

  private Authentication authenticate(@Nullable String header) {
    if (header == null) {
      return new Authentication.Absent();
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Authentication.Malformed();
    }
    try {
      return new Authentication.Known(tokens.access(header.substring(SCHEME.length()).strip()));
    } catch (InvalidTokenException e) {
      return new Authentication.Invalid(e.reason());
    }
  }
}
