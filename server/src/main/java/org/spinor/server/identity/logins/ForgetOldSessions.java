package org.spinor.server.identity.logins;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.identity.sessions.RefreshTokens;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/**
 * Deletes refresh tokens that ended long ago, of which a week is kept for whoever looks into a
 * theft, and logins in browsers an hour after their end.
 */
@Component
final class ForgetOldSessions implements TaskHandler {
  private static final Logger log = LoggerFactory.getLogger(ForgetOldSessions.class);
  private static final Duration KEPT = Duration.ofDays(7);
  private static final Duration FLOWS_KEPT = Duration.ofHours(1);

  private final RefreshTokens tokens;
  private final LoginFlows flows;
  private final Clock clock;

  ForgetOldSessions(RefreshTokens tokens, LoginFlows flows, Clock clock) {
    this.tokens = tokens;
    this.flows = flows;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "identity.forget-old-sessions";
  }

  @Override
  public void run(String payload) {
    int forgotten = tokens.forgetEndedBefore(clock.instant().minus(KEPT));
    if (forgotten > 0) {
      log.info("forgot {} refresh tokens that ended more than a week ago", forgotten);
    }
    int flowsForgotten = flows.forgetEndedBefore(clock.instant().minus(FLOWS_KEPT));
    if (flowsForgotten > 0) {
      log.info("forgot {} logins in browsers", flowsForgotten);
    }
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofHours(1));
  }
}
