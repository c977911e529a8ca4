package org.spinor.server.identity.logins;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spinor.server.identity.people.Scope;

/**
 * A login in a browser, from the first request of a client to the tokens.
 *
 * @param client {@code client_id} of whoever shall get the tokens
 * @param scope as {@link Scope#text()}
 * @param userCode of a device
 * @param page of a web page that asked
 * @param browser in which the login goes on; nothing: no browser has come yet
 * @param subject of the user at the identity provider, once known
 * @param reason why it was refused; nothing: the user said no
 * @param login the first refresh token that came of it
 */
record LoginFlow(
    UUID id,
    Kind kind,
    State state,
    String client,
    String scope,
    @Nullable String userCode,
    @Nullable Page page,
    @Nullable Browser browser,
    @Nullable String subject,
    @Nullable String reason,
    @Nullable UUID login,
    Instant expires) {

  enum Kind {
    /** A terminal shows a code, the user logs in elsewhere, the terminal polls. */
    DEVICE,
    /** A web page sends its user here and gets a code back. */
    CODE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum State {
    STARTED,
    /** The user of a device is known and is asked. */
    NAMED,
    /** Tokens may be fetched, once. */
    READY,
    DONE,
    REFUSED
  }

  /**
   * @param redirectUri where the user is sent back to, one of those known
   * @param challenge PKCE, S256
   * @param state given back as it came
   */
  record Page(String redirectUri, String challenge, String state) {}

  /**
   * @param cookieHash of what the browser's cookie says
   * @param formToken stands in forms shown to this browser
   */
  record Browser(String cookieHash, String formToken) {}

  boolean hasEnded(Instant now) {
    return !expires.isAfter(now);
  }
}
