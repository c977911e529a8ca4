package org.spinor.server.identity;

import java.time.Instant;
import java.util.SortedSet;

/**
 * Access tokens for services outside: short, for one audience, made by the identity provider of the
 * VO on whose behalf something is done. May be called from any thread and may take seconds.
 */
public interface TokenBroker {
  /**
   * A token as it is needed.
   *
   * @param vo whose identity provider makes it
   * @param scopes of the WLCG profile, as {@code compute.create} or {@code storage.read:/data}, or
   *     such as the VO's {@code IdP.Tokens.ExtraScopes} allows; at least one
   * @param audience who will check it; one, not blank
   * @param purpose who wants it and what for, in the words of the security log
   */
  record Order(String vo, SortedSet<String> scopes, String audience, String purpose) {}

  /**
   * @param value for {@code Authorization: Bearer}; {@code toString} does not show it
   */
  record OutsideToken(String value, Instant expires) {
    @Override
    public String toString() {
      return "OutsideToken[expires=" + expires + "]";
    }
  }

  /**
   * A token with which this installation acts for the VO (client credentials). The same one is
   * given for the same order until five minutes before its end, or half its life where that is
   * less.
   *
   * @throws BrokerException there is none
   */
  OutsideToken token(Order order);

  /**
   * A token with which this installation acts for whom the subject token names (token exchange, RFC
   * 8693). Nothing of it is kept.
   *
   * @param subjectToken an access token that the caller holds, made by the same provider
   * @throws BrokerException there is none
   */
  OutsideToken exchange(Order order, String subjectToken);
}
