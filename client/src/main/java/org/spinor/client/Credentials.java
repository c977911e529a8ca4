package org.spinor.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.TokenResponse;
import tools.jackson.databind.JsonNode;

/**
 * A login as it stands in the credentials file; the same form as DiracX's. Read and written key by
 * key: binding it to this record would take a third of the time of a short command.
 *
 * @param refreshToken null where the access token cannot be renewed
 * @param expiresOn seconds since 1970 until which the access token is used, a little before it ends
 */
public record Credentials(String accessToken, @Nullable String refreshToken, long expiresOn) {
  private static final int GRACE_SECONDS = 15;

  public static Credentials of(TokenResponse answer, Instant now) {
    return new Credentials(
        answer.accessToken(),
        answer.refreshToken(),
        now.getEpochSecond() + answer.expiresIn() - GRACE_SECONDS);
  }

  /** The login in a file's text; empty where it holds none. */
  static Optional<Credentials> of(JsonNode file) {
    String accessToken = file.path("access_token").asString("");
    return accessToken.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Credentials(
                accessToken,
                file.path("refresh_token").asString(null),
                file.path("expires_on").asLong(0)));
  }

  /** As it stands in the file. */
  Map<String, @Nullable Object> wire() {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("access_token", accessToken);
    file.put("refresh_token", refreshToken);
    file.put("expires_on", expiresOn);
    return file;
  }

  /** Whether the access token lives for so many seconds more. */
  boolean goodFor(int seconds, Instant now) {
    return expiresOn - now.getEpochSecond() > seconds;
  }
}
