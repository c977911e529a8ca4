package org.spinor.server.identity.tokens;

import java.time.Duration;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tokens and logins.
 *
 * @param issuer {@code --issuer}: how clients reach this installation; stands in every token, and a
 *     token with another one is refused
 * @param keystore file of the signing keys, for several servers that share them ({@code
 *     SPINOR_KEYSTORE}); empty: {@code secrets/jwks.json} in the data folder
 * @param accessTokenLife of people's access tokens; clients refresh five minutes before the end
 * @param refreshTokenLife from login to the next login with a password; refreshing does not extend
 *     it
 * @param pilotTokenLife of what a pilot gets for its secret
 * @param clients {@code client_id}s that may ask for tokens; all are public, none has a secret
 */
@ConfigurationProperties("spinor")
public record IdentityProperties(
    @DefaultValue("http://localhost:8000") String issuer,
    @DefaultValue("") String keystore,
    @DefaultValue("20m") Duration accessTokenLife,
    @DefaultValue("8h") Duration refreshTokenLife,
    @DefaultValue("1h") Duration pilotTokenLife,
    @DefaultValue("myDIRACClientID") Set<String> clients) {
  private static final Duration SHORTEST_ACCESS = Duration.ofMinutes(6);

  public IdentityProperties {
    clients = Set.copyOf(clients);
    if (accessTokenLife.compareTo(SHORTEST_ACCESS) < 0
        || refreshTokenLife.compareTo(accessTokenLife) < 0
        || !pilotTokenLife.isPositive()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "tokens live at least 6m (clients refresh five minutes before the end), refresh tokens"
              + " longer: access-token-life is %s, refresh-token-life %s, pilot-token-life %s"
                  .formatted(accessTokenLife, refreshTokenLife, pilotTokenLife));
    }
  }
}
