package org.spinor.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request an id: the caller's W3C trace id where there is one. It stands in log lines
 * and in answers of 500 and above.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestTrace extends OncePerRequestFilter {
  private static final String KEY = "trace";

  static @Nullable String current() {
    return MDC.get(KEY);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    MDC.put(KEY, idOf(request.getHeader("traceparent")));
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(KEY);
    }
  }

  private static String idOf(@Nullable String traceparent) {
    if (traceparent != null && traceparent.matches("[0-9a-f]{2}-[0-9a-f]{32}-.{0,100}")) {
      return traceparent.substring(3, 35);
    }
    HexFormat hex = HexFormat.of();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
