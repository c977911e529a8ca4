package org.spinor.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spinor.api.TokenResponse;

/**
 * A login as it stands in the credentials file; the same form as DiracX's.
 *
 * @param refreshToken null where the access token cannot be renewed
 * @param expiresOn seconds since 1970 until which the access token is used, a little before it ends
 */
public record Credentials(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("refresh_token") @Nullable String refreshToken,
    @JsonProperty("expires_on") long expiresOn) {
  private static final int GRACE_SECONDS = 15;

  public static Credentials of(TokenResponse answer, Instant now) {
    return new Credentials(
        answer.accessToken(),
        answer.refreshToken(),
        now.getEpochSecond() + answer.expiresIn() - GRACE_SECONDS);
  }

  /** Whether the access token lives for so many seconds more. */
  boolean goodFor(int seconds, Instant now) {
    return expiresOn - now.getEpochSecond() > seconds;
  }
}
