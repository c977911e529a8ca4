package org.spinor.server.identity.logins;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.identity.RequestRate;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.access.LimitProperties;
import org.spinor.server.identity.accounts.LocalLogins;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.Scope;
import org.spinor.server.identity.sessions.Sessions;
import org.spinor.server.identity.tokens.IdentityProperties;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Where tokens of people come from and go to. */
@RestController
@Tag(name = "auth")
final class TokenController {
  private static final String DEFAULT_CLIENT = "myDIRACClientID";
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

  private final Sessions sessions;
  private final BrowserLogins browserLogins;
  private final LocalLogins local;
  private final People people;
  private final IdentityProperties properties;
  private final RequestRate rate;

  TokenController(
      Sessions sessions,
      BrowserLogins browserLogins,
      LocalLogins local,
      People people,
      IdentityProperties properties,
      LimitProperties limits,
      Clock clock) {
    this.sessions = sessions;
    this.browserLogins = browserLogins;
    this.local = local;
    this.people = people;
    this.properties = properties;
    this.rate = new RequestRate(limits.tokenRequests(), WINDOW, clock);
  }

  @PostMapping(
      path = "/api/auth/token",
      consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_FORM_URLENCODED_VALUE,
                      schema = @Schema(implementation = TokenFormFields.Login.class))))
  TokenResponse getOidcToken(
      @RequestBody MultiValueMap<String, String> fields,
      HttpServletRequest request,
      HttpServletResponse response) {
    rate.take(request.getRemoteAddr());
    TokenForm form = new TokenForm(fields);
    String grant = form.required("grant_type");
    String client = form.required("client_id");
    if (!properties.clients().contains(client)) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Unrecognised client_id");
    }
    return switch (grant) {
      case "authorization_code" -> code(client, form, request);
      case DEVICE -> device(client, form, request);
      case "password" -> password(form, request, response);
      case "refresh_token" -> {
        String token = form.required("refresh_token");
        yield audited("refresh", "somebody", request, () -> sessions.refresh(token));
      }
      default ->
          throw new SpinorException(
              ErrorCode.INVALID_REQUEST,
              "grant_type '%s' is not offered; offered are authorization_code, %s, password, refresh_token"
                  .formatted(grant, DEVICE));
    };
  }

  private TokenResponse password(
      TokenForm form, HttpServletRequest request, HttpServletResponse response) {
    String username = form.required("username");
    String password = form.required("password");
    String scope = form.required("scope");
    return audited(
        "login",
        username + " for " + scope,
        request,
        () -> {
          Scope asked = people.scope(scope);
          String subject =
              local.subject(asked.vo(), username, password, request.getRemoteAddr(), response);
          return sessions.open(asked, subject).response();
        });
  }

  private TokenResponse code(String client, TokenForm form, HttpServletRequest request) {
    String code = form.required("code");
    String redirectUri = form.required("redirect_uri");
    String verifier = form.required("code_verifier");
    return audited(
        "tokens for a code",
        "somebody",
        request,
        () -> browserLogins.redeemCode(client, code, redirectUri, verifier));
  }

  private TokenResponse device(String client, TokenForm form, HttpServletRequest request) {
    String code = form.required("device_code");
    return audited(
        "tokens for a device", "somebody", request, () -> browserLogins.redeemDevice(client, code));
  }

  /** As OAuth clients know it: {@code error}, and for people {@code detail}. */
  @ExceptionHandler
  ResponseEntity<Map<String, String>> refusal(OauthErrorException e) {
    return ResponseEntity.badRequest()
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            e.detail().isEmpty()
                ? Map.of("error", e.error())
                : Map.of("error", e.error(), "detail", e.detail()));
  }

  @PostMapping(
      path = "/api/auth/revoke",
      consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_FORM_URLENCODED_VALUE,
                      schema = @Schema(implementation = TokenFormFields.Revocation.class))))
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "string")))
  JsonNode revokeRefreshTokenByRefreshToken(
      @RequestBody MultiValueMap<String, String> fields, HttpServletRequest request) {
    rate.take(request.getRemoteAddr());
    TokenForm form = new TokenForm(fields);
    String token = form.required("token");
    if (!properties.clients().contains(form.optional("client_id").orElse(DEFAULT_CLIENT))) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Unrecognised client_id");
    }
    if (form.optional("token_type_hint").filter("access_token"::equals).isPresent()) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "unsupported_token_type");
    }
    sessions
        .revoke(token)
        .ifPresent(id -> SecurityLog.done("logout", id.toString(), request.getRemoteAddr()));
    return StringNode.valueOf("Refresh token revoked");
  }

  private static TokenResponse audited(
      String what, String who, HttpServletRequest request, Supplier<TokenResponse> work) {
    String address = request.getRemoteAddr();
    try {
      TokenResponse tokens = work.get();
      SecurityLog.done(what, who, address);
      return tokens;
    } catch (SpinorException e) {
      SecurityLog.refused(what, who, address, String.valueOf(e.getMessage()));
      throw e;
    }
  }
}
