package org.spinor.server.identity.sessions;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.SecurityLog;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Who the caller is, and the caller's sessions. */
@RestController
@Tag(name = "auth")
final class UserController {
  /** The caller, as the token says. */
  @Schema(name = "UserInfoResponse")
  record UserInfo(
      String sub,
      String vo,
      @JsonProperty("dirac_group") String group,
      Map<String, Object> policies,
      List<String> properties,
      @JsonProperty("preferred_username") String username) {}

  /** A session that has not ended. */
  record Session(
      @JsonProperty("JTI") UUID id,
      @JsonProperty("Status") int status,
      @JsonProperty("Scope") String scope,
      @JsonProperty("Sub") String subject) {}

  private final RefreshTokens tokens;

  UserController(RefreshTokens tokens) {
    this.tokens = tokens;
  }

  @GetMapping(path = "/api/auth/userinfo", produces = MediaType.APPLICATION_JSON_VALUE)
  UserInfo userinfo(Caller caller) {
    return new UserInfo(
        caller.subject(),
        caller.vo(),
        caller.group(),
        Map.of(),
        caller.properties().stream().sorted().toList(),
        caller.username());
  }

  @GetMapping(path = "/api/auth/refresh-tokens", produces = MediaType.APPLICATION_JSON_VALUE)
  List<Session> getRefreshTokens(Caller caller) {
    List<RefreshTokens.Row> rows =
        switch (caller.reach()) {
          case OWN -> tokens.ofSubject(caller.subject());
          case VO, ALL -> tokens.ofVo(caller.vo());
        };
    return rows.stream()
        .map(row -> new Session(row.jti(), row.status(), row.scope(), row.subject()))
        .toList();
  }

  @DeleteMapping(
      path = "/api/auth/refresh-tokens/{jti}",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "string")))
  JsonNode revokeRefreshTokenByJti(
      Caller caller, @PathVariable("jti") String jti, HttpServletRequest request) {
    UUID id = uuid(jti);
    RefreshTokens.Row row =
        tokens
            .find(id)
            .orElseThrow(
                () -> new SpinorException(ErrorCode.NOT_FOUND, "Token " + jti + " not found"));
    boolean reached =
        switch (caller.reach()) {
          case OWN -> row.subject().equals(caller.subject());
          case VO, ALL -> row.subject().startsWith(caller.vo() + ":");
        };
    if (!reached) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN, "A refresh token of somebody else cannot be revoked");
    }
    tokens.revoke(id);
    SecurityLog.done("revocation of " + id, caller.subject(), request.getRemoteAddr());
    return StringNode.valueOf("Refresh token revoked");
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "'" + text + "' is not the UUID of a refresh token");
    }
  }
}
