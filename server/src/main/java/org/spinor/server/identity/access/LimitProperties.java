package org.spinor.server.identity.access;

import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is watched.
 *
 * @param audit what of the allowed requests the log category {@code audit} tells ({@code
 *     SPINOR_AUDIT}: refusals, changes, all)
 * @param tokenRequests of one address to the routes that give and take back tokens, within five
 *     minutes; 429 above ({@code SPINOR_TOKENREQUESTS}, at least 10)
 */
@ConfigurationProperties("spinor")
public record LimitProperties(
    @DefaultValue("changes") Audit.Extent audit, @DefaultValue("6000") int tokenRequests) {
  private static final int FEWEST = 10;

  public LimitProperties {
    if (tokenRequests < FEWEST) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "token-requests: expected at least %d in five minutes, got %d"
              .formatted(FEWEST, tokenRequests));
    }
  }
}
