package org.spinor.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;

/**
 * Answers pages of other origins as DiracX does: a preflight of an unknown origin is refused with
 * 400, any other request of one is served without the headers that would let the page read it.
 * Refusing those too would lock out a portal behind a proxy that hides its address, and protects
 * nobody: a page of a stranger has no token, and there are no cookies.
 */
final class CorsAnswers extends DefaultCorsProcessor {
  @Override
  public boolean processRequest(
      @Nullable CorsConfiguration rules, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (rules != null
        && origin != null
        && !CorsUtils.isPreFlightRequest(request)
        && rules.checkOrigin(origin) == null) {
      response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
      return true;
    }
    return super.processRequest(rules, request, response);
  }

  @Override
  protected void rejectRequest(ServerHttpResponse response) throws IOException {
    response.setStatusCode(HttpStatus.BAD_REQUEST);
    response.getHeaders().set(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8");
    response.getBody().write("Disallowed CORS origin".getBytes(StandardCharsets.UTF_8));
    response.flush();
  }
}
