package org.spinor.server.identity;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.LoginFlow.Page;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The authorisation code flow with PKCE, for web pages. */
@RestController
@Tag(name = "auth")
final class AuthorizationController {
  private static final int STARTS_OF_ADDRESS = 300;
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** It comes back in a header. */
  private static final int LONGEST_STATE = 2000;

  private final BrowserLogins logins;
  private final LoginDoors doors;
  private final IdentityProperties properties;
  private final LoginProperties loginProperties;
  private final RequestRate starts;

  AuthorizationController(
      BrowserLogins logins,
      LoginDoors doors,
      IdentityProperties properties,
      LoginProperties loginProperties,
      Clock clock) {
    this.logins = logins;
    this.doors = doors;
    this.properties = properties;
    this.loginProperties = loginProperties;
    this.starts = new RequestRate(STARTS_OF_ADDRESS, WINDOW, clock);
  }

  /** What is wrong with client or address is told here and never sent to the address. */
  @GetMapping("/api/auth/authorize")
  @ApiResponse(
      responseCode = "200",
      description = "After the redirects: a page to log in on",
      content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema()))
  @ApiResponse(responseCode = "307", description = "To the identity provider", content = @Content)
  ResponseEntity<String> initiateAuthorizationFlow(
      @RequestParam("response_type") String responseType,
      @RequestParam("code_challenge") String challenge,
      @RequestParam("code_challenge_method") String challengeMethod,
      @RequestParam("client_id") String client,
      @RequestParam("redirect_uri") String redirectUri,
      @RequestParam("scope") String scope,
      @RequestParam("state") String state,
      HttpServletRequest request,
      HttpServletResponse response) {
    require("response_type", responseType, "code");
    require("code_challenge_method", challengeMethod, "S256");
    if (!properties.clients().contains(client)) {
      throw invalid("Unrecognised client_id");
    }
    if (!loginProperties.redirects(properties.issuer()).contains(redirectUri)) {
      throw invalid("Unrecognised redirect_uri");
    }
    if (!CHALLENGE.matcher(challenge).matches()) {
      throw invalid("Invalid code_challenge: expected the 43 characters of S256");
    }
    if (state.length() > LONGEST_STATE) {
      throw invalid("state: at most " + LONGEST_STATE + " characters");
    }
    starts.take(request.getRemoteAddr());
    LoginFlow flow =
        logins.startPage(
            client,
            scope,
            new Page(redirectUri, challenge, state),
            LoginCookie.give(request, response));
    return BrowserPages.redirect(
        HttpStatus.TEMPORARY_REDIRECT,
        doors.address(flow, ServletUriComponentsBuilder.fromCurrentContextPath().toUriString()));
  }

  private static void require(String name, String value, String only) {
    if (!value.equals(only)) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, name + ": expected '" + only + "', got '" + value + "'");
    }
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
