package org.spinor.server.identity.logins;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.Scope;
import org.spinor.server.identity.sessions.Sessions;
import org.spinor.server.identity.tokens.IdentityProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tokens for the users of an old DIRAC that runs beside: it answers for who they are. */
@RestController
@Tag(name = "auth")
final class LegacyController {
  private static final String SCHEME = "Bearer diracx:legacy:";
  private static final int LONGEST_MINUTES = 366 * 24 * 60;

  private final Sessions sessions;
  private final People people;
  private final IdentityProperties properties;
  private final LoginProperties loginProperties;

  LegacyController(
      Sessions sessions,
      People people,
      IdentityProperties properties,
      LoginProperties loginProperties) {
    this.sessions = sessions;
    this.people = people;
    this.properties = properties;
    this.loginProperties = loginProperties;
  }

  @GetMapping(path = "/api/auth/legacy-exchange", produces = MediaType.APPLICATION_JSON_VALUE)
  @Hidden
  TokenResponse legacyExchange(
      @RequestParam("preferred_username") String username,
      @RequestParam("scope") String scopeText,
      @RequestParam(name = "expires_minutes", required = false) @Nullable Integer minutes,
      @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
      HttpServletRequest request) {
    String who = username + " for " + scopeText;
    try {
      requireKey(authorization);
      Scope scope = scope(scopeText);
      TokenResponse tokens = sessions.openLegacy(scope, subject(scope, username), life(minutes));
      SecurityLog.done("legacy exchange", who, request.getRemoteAddr());
      return tokens;
    } catch (SpinorException e) {
      SecurityLog.refused(
          "legacy exchange", who, request.getRemoteAddr(), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void requireKey(String authorization) {
    String hash = loginProperties.legacyExchangeKeyHash();
    if (hash.isEmpty()) {
      throw new SpinorException(ErrorCode.UNAVAILABLE, "Legacy exchange is not enabled");
    }
    if (!authorization.startsWith(SCHEME)) {
      throw malformed();
    }
    byte[] key;
    try {
      key = Base64.getUrlDecoder().decode(authorization.substring(SCHEME.length()));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (!Secrets.same(Secrets.hash(key), hash)) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid credentials");
    }
  }

  private static SpinorException malformed() {
    return new SpinorException(ErrorCode.INVALID_REQUEST, "Invalid authorization header");
  }

  private Scope scope(String text) {
    try {
      return people.scope(text);
    } catch (SpinorException e) {
      throw unknown();
    }
  }

  private String subject(Scope scope, String username) {
    return people.vo(scope).users().values().stream()
        .filter(user -> user.preferredUsername().equals(username))
        .map(User::subject)
        .findFirst()
        .orElseThrow(LegacyController::unknown);
  }

  private static SpinorException unknown() {
    return new SpinorException(ErrorCode.INVALID_REQUEST, "Invalid scope or preferred_username");
  }

  private Duration life(@Nullable Integer minutes) {
    if (minutes == null) {
      return properties.refreshTokenLife();
    }
    if (minutes < 1 || minutes > LONGEST_MINUTES) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "expires_minutes: expected 1 to " + LONGEST_MINUTES + ", got " + minutes);
    }
    return Duration.ofMinutes(minutes);
  }
}
