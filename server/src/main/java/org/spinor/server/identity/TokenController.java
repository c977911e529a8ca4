package org.spinor.server.identity;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.identity.GuessLimit.Name;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
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
  private static final int FAILURES_OF_USER_AT_ADDRESS = 5;
  private static final int FAILURES_OF_USER = 30;
  private static final int FAILURES_AT_ADDRESS = 50;

  private final Sessions sessions;
  private final IdentityProperties properties;
  private final GuessLimit limit;

  TokenController(Sessions sessions, IdentityProperties properties, Clock clock) {
    this.sessions = sessions;
    this.properties = properties;
    int atOnce = Runtime.getRuntime().availableProcessors();
    this.limit = new GuessLimit(Duration.ofMinutes(5), atOnce, clock);
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
    TokenForm form = new TokenForm(fields);
    String grant = form.required("grant_type");
    String client = form.required("client_id");
    if (!properties.clients().contains(client)) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Unrecognised client_id");
    }
    return switch (grant) {
      case "password" -> password(form, request, response);
      case "refresh_token" -> {
        String token = form.required("refresh_token");
        yield audited("refresh", "somebody", request, () -> sessions.refresh(token));
      }
      default ->
          throw new SpinorException(
              ErrorCode.INVALID_REQUEST,
              "grant_type '%s' is not offered; offered are password, refresh_token"
                  .formatted(grant));
    };
  }

  private TokenResponse password(
      TokenForm form, HttpServletRequest request, HttpServletResponse response) {
    String username = form.required("username");
    String password = form.required("password");
    String scope = form.required("scope");
    String address = request.getRemoteAddr();
    List<Name> names =
        List.of(
            new Name("user " + username + " at " + address, FAILURES_OF_USER_AT_ADDRESS),
            new Name("user " + username, FAILURES_OF_USER),
            new Name("address " + address, FAILURES_AT_ADDRESS));
    return audited(
        "login",
        username + " for " + scope,
        request,
        () -> limit.attempt(names, response, () -> sessions.login(username, password, scope)));
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
  JsonNode revokeRefreshTokenByRefreshToken(@RequestBody MultiValueMap<String, String> fields) {
    TokenForm form = new TokenForm(fields);
    String token = form.required("token");
    if (!properties.clients().contains(form.optional("client_id").orElse(DEFAULT_CLIENT))) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Unrecognised client_id");
    }
    if (form.optional("token_type_hint").filter("access_token"::equals).isPresent()) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "unsupported_token_type");
    }
    sessions.revoke(token);
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
