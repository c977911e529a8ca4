package org.spinor.server.identity.tokens;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.spinor.api.ErrorCode;
import org.spinor.api.SecretExchange;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.identity.GuessLimit;
import org.spinor.server.identity.GuessLimit.Name;
import org.spinor.server.identity.PilotSecrets;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.TokenIssuer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Where pilots get their tokens. */
@RestController
@Tag(name = "auth")
final class SecretController {
  /** A whole cluster of pilots may come from one address. */
  private static final int FAILURES_AT_ADDRESS = 1000;

  private static final int FAILURES_OF_PILOT = 10;
  private static final int AT_ONCE = 16;

  private final ObjectProvider<PilotSecrets> secrets;
  private final TokenIssuer tokens;
  private final IdentityProperties properties;
  private final GuessLimit limit;

  SecretController(
      ObjectProvider<PilotSecrets> secrets,
      TokenIssuer tokens,
      IdentityProperties properties,
      Clock clock) {
    this.secrets = secrets;
    this.tokens = tokens;
    this.properties = properties;
    this.limit = new GuessLimit(Duration.ofMinutes(5), AT_ONCE, clock);
  }

  @PostMapping(
      path = "/api/auth/secret-exchange",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  TokenResponse exchangeSecret(
      @RequestBody SecretExchange exchange,
      HttpServletRequest request,
      HttpServletResponse response) {
    String stamp = exchange.pilotStamp();
    String address = request.getRemoteAddr();
    List<Name> names =
        List.of(
            new Name("pilot " + stamp + " at " + address, FAILURES_OF_PILOT),
            new Name("address " + address, FAILURES_AT_ADDRESS));
    String vo = limit.attempt(names, response, () -> voOf(exchange, address));
    SecurityLog.done("secret exchanged", "pilot " + stamp, address);
    Duration life = properties.pilotTokenLife();
    boolean untrusted = known().untrusted(stamp);
    return new TokenResponse(
        tokens.forPilot(vo, stamp, life, untrusted),
        Math.toIntExact(life.toSeconds()),
        "Bearer",
        null);
  }

  private PilotSecrets known() {
    return secrets.getIfAvailable(
        () -> {
          throw new SpinorException(ErrorCode.UNAVAILABLE, "This server knows no pilots");
        });
  }

  private String voOf(SecretExchange exchange, String address) {
    return known()
        .voOf(exchange.pilotStamp(), exchange.pilotSecret())
        .orElseThrow(
            () -> {
              SecurityLog.refused(
                  "secret exchange", "pilot " + exchange.pilotStamp(), address, "wrong secret");
              return new SpinorException(
                  ErrorCode.NOT_AUTHENTICATED,
                  "Invalid pilot_stamp or pilot_secret, or the pilot has ended");
            });
  }
}
