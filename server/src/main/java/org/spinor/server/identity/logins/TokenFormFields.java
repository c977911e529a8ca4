package org.spinor.server.identity.logins;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The forms of the token routes, for the OpenAPI document. */
final class TokenFormFields {
  /**
   * A login or a refresh: which fields are needed depends on the grant.
   *
   * @param scope of a login with a password: {@code vo:X group:Y property:Z}
   */
  @Schema(name = "Body_auth_get_oidc_token")
  record Login(
      @Schema(
              allowableValues = {
                "authorization_code",
                "urn:ietf:params:oauth:grant-type:device_code",
                "password",
                "refresh_token"
              })
          @JsonProperty("grant_type")
          String grantType,
      @JsonProperty("client_id") String clientId,
      @JsonProperty("device_code") @Nullable String deviceCode,
      @Nullable String code,
      @JsonProperty("redirect_uri") @Nullable String redirectUri,
      @JsonProperty("code_verifier") @Nullable String codeVerifier,
      @Nullable String username,
      @Nullable String password,
      @Nullable String scope,
      @JsonProperty("refresh_token") @Nullable String refreshToken) {}

  /** The end of a session. */
  @Schema(name = "Body_auth_revoke_refresh_token_by_refresh_token")
  record Revocation(
      String token,
      @Schema(allowableValues = {"refresh_token", "access_token"}) @JsonProperty("token_type_hint")
          @Nullable String tokenTypeHint,
      @Schema(defaultValue = "myDIRACClientID") @JsonProperty("client_id")
          @Nullable String clientId) {}

  private TokenFormFields() {}
}
