package org.spinor.server.identity.logins;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.RequestRate;
import org.spinor.server.identity.logins.LoginFlow.Page;
import org.spinor.server.identity.tokens.IdentityProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

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
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "response_type",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "code_challenge",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "code_challenge_method",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "client_id",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "redirect_uri",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "scope",
      required = true)
  @Parameter(
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string"),
      name = "state",
      required = true)
  ResponseEntity<String> initiateAuthorizationFlow(
      HttpServletRequest request, HttpServletResponse response)
      throws MissingServletRequestParameterException {
    String responseType = parameter(request, "response_type");
    String challenge = parameter(request, "code_challenge");
    String challengeMethod = parameter(request, "code_challenge_method");
    String client = parameter(request, "client_id");
    String redirectUri = parameter(request, "redirect_uri");
    String scope = parameter(request, "scope");
    String state = parameter(request, "state");
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
    return BrowserPages.redirect(HttpStatus.TEMPORARY_REDIRECT, doors.address(flow));
  }

  @GetMapping(path = "/api/auth/authorize/complete", params = "!error")
  @ApiResponse(
      responseCode = "200",
      description = "After the redirect: the web page",
      content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema()))
  @ApiResponse(responseCode = "307", description = "Back to the web page", content = @Content)
  ResponseEntity<String> completeAuthorizationFlow(
      @RequestParam("code") String code,
      @RequestParam("state") String state,
      @Parameter(hidden = true) @RequestParam(name = "iss", required = false)
          @Nullable String issuer,
      HttpServletRequest request) {
    return back(
        doors.arrive(LoginFlow.Kind.CODE, new LoginDoors.Arrival(state, issuer), code, request));
  }

  private static ResponseEntity<String> back(LoginDoors.Named named) {
    return BrowserPages.redirect(
        HttpStatus.TEMPORARY_REDIRECT, named.next().orElseThrow(BrowserLogins::ended));
  }

  /** The provider let nobody in. */
  @GetMapping(path = "/api/auth/authorize/complete", params = "error")
  @Hidden
  ResponseEntity<String> pageTurnedAway(
      @RequestParam("error") String error,
      @RequestParam("state") String state,
      HttpServletRequest request) {
    return back(
        doors.turnedAway(LoginFlow.Kind.CODE, new LoginDoors.Arrival(state, null), error, request));
  }

  private static String parameter(HttpServletRequest request, String name)
      throws MissingServletRequestParameterException {
    String[] values = request.getParameterValues(name);
    if (values == null) {
      throw new MissingServletRequestParameterException(name, "String");
    }
    if (values.length > 1) {
      throw invalid(name + " is given " + values.length + " times");
    }
    return values[0];
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
