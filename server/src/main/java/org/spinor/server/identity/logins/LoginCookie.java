package org.spinor.server.identity.logins;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spinor.server.identity.Secrets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * Tells browsers apart while they log in, so that nobody can push a login that one began into
 * another. It opens nothing by itself, and the rest of the server does not see it.
 */
final class LoginCookie {
  static final String NAME = "spinor_login";
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Duration LIFE = Duration.ofHours(1);

  private LoginCookie() {}

  static Optional<String> of(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies == null
        ? Optional.empty()
        : Arrays.stream(cookies)
            .filter(cookie -> cookie.getName().equals(NAME))
            .map(Cookie::getValue)
            .flatMap(Stream::ofNullable)
            .filter(value -> VALUE.matcher(value).matches())
            .findFirst();
  }

  /** What the browser has, or gets with this answer. */
  static String give(HttpServletRequest request, HttpServletResponse response) {
    String value = of(request).orElseGet(Secrets::random);
    ResponseCookie cookie =
        ResponseCookie.from(NAME, value)
            .httpOnly(true)
            .secure(request.isSecure())
            .sameSite("Lax") // the way back from the identity provider is a link of another site
            .path("/api/auth")
            .maxAge(LIFE)
            .build();
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    return value;
  }
}
