package org.spinor.server.identity.logins;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.logins.LoginFlow.Browser;
import org.spinor.server.identity.logins.LoginFlow.Kind;
import org.spinor.server.identity.logins.LoginFlow.Page;
import org.spinor.server.identity.logins.LoginFlow.State;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of logins on their way. A step is one statement that says whether it was taken. */
@Component
final class LoginFlows {
  private static final String COLUMNS =
      """
      id, kind, state, client, scope, user_code, redirect_uri, challenge, client_state, cookie_hash,
      form_token, subject, reason, login, expires
      """;

  /**
   * What was kept for the way back from the identity provider.
   *
   * @param verifier PKCE
   */
  record Trip(LoginFlow flow, String nonce, String verifier) {}

  private final JdbcClient jdbc;

  LoginFlows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static LoginFlow flow(ResultSet row, int number) throws SQLException {
    String redirect = row.getString("redirect_uri");
    String cookie = row.getString("cookie_hash");
    return new LoginFlow(
        row.getObject("id", UUID.class),
        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("client"),
        row.getString("scope"),
        row.getString("user_code"),
        redirect == null
            ? null
            : new Page(redirect, row.getString("challenge"), row.getString("client_state")),
        cookie == null ? null : new Browser(cookie, row.getString("form_token")),
        row.getString("subject"),
        row.getString("reason"),
        row.getObject("login", UUID.class),
        row.getObject("expires", OffsetDateTime.class).toInstant());
  }

  /**
   * @return false: another device has this user code
   */
  boolean addDevice(LoginFlow flow, String secretHash) {
    try {
      add(flow, secretHash);
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  void addPage(LoginFlow flow) {
    add(flow, null);
  }

  private void add(LoginFlow flow, @Nullable String secretHash) {
    Page page = flow.page();
    Browser browser = flow.browser();
    jdbc.sql(
            """
            INSERT INTO identity.login_flow (id, kind, client, scope, user_code, secret_hash,
              redirect_uri, challenge, client_state, cookie_hash, form_token, expires)
            VALUES (:id, :kind, :client, :scope, :userCode, :secret,
              :redirect, :challenge, :clientState, :cookie, :form, :expires)
            """)
        .param("id", flow.id())
        .param("kind", flow.kind().text())
        .param("client", flow.client())
        .param("scope", flow.scope())
        .param("userCode", flow.userCode())
        .param("secret", secretHash)
        .param("redirect", page == null ? null : page.redirectUri())
        .param("challenge", page == null ? null : page.challenge())
        .param("clientState", page == null ? null : page.state())
        .param("cookie", browser == null ? null : browser.cookieHash())
        .param("form", browser == null ? null : browser.formToken())
        .param("expires", at(flow.expires()))
        .update();
  }

  private static OffsetDateTime at(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  Optional<LoginFlow> find(UUID id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM identity.login_flow WHERE id = :id")
        .param("id", id)
        .query(LoginFlows::flow)
        .optional();
  }

  Optional<LoginFlow> ofUserCode(String userCode) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM identity.login_flow WHERE user_code = :code")
        .param("code", userCode)
        .query(LoginFlows::flow)
        .optional();
  }

  /**
   * @param secret a device code or the code of a page
   */
  Optional<LoginFlow> ofSecret(Kind kind, String secret) {
    return jdbc.sql(
            "SELECT "
                + COLUMNS
                + " FROM identity.login_flow WHERE secret_hash = :hash AND kind = :kind")
        .param("hash", Secrets.hash(secret))
        .param("kind", kind.text())
        .query(LoginFlows::flow)
        .optional();
  }

  /** From now on the login goes on in this browser; another one that had begun is out. */
  boolean bind(UUID id, Browser browser) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow
                SET cookie_hash = :cookie, form_token = :form, provider_hash = NULL
                WHERE id = :id AND state = 'started'
                """)
            .param("id", id)
            .param("cookie", browser.cookieHash())
            .param("form", browser.formToken())
            .update()
        == 1;
  }

  /** The browser leaves for the identity provider. */
  boolean leave(UUID id, String state, String nonce, String verifier) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow
                SET provider_hash = :hash, nonce = :nonce, verifier = :verifier
                WHERE id = :id AND state = 'started'
                """)
            .param("id", id)
            .param("hash", Secrets.hash(state))
            .param("nonce", nonce)
            .param("verifier", verifier)
            .update()
        == 1;
  }

  /** The browser is back: a state is good for one return. */
  Optional<Trip> comeBack(Kind kind, String state, Instant now) {
    return jdbc.sql(
            """
            UPDATE identity.login_flow SET provider_hash = NULL
            WHERE provider_hash = :hash AND kind = :kind AND state = 'started' AND expires > :now
            RETURNING %s, nonce, verifier
            """
                .formatted(COLUMNS))
        .param("hash", Secrets.hash(state))
        .param("kind", kind.text())
        .param("now", at(now))
        .query(
            (row, number) ->
                new Trip(flow(row, number), row.getString("nonce"), row.getString("verifier")))
        .optional();
  }

  /** The user of a device is known. */
  boolean name(UUID id, String subject) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow SET state = 'named', subject = :subject
                WHERE id = :id AND state = 'started' AND kind = 'device'
                """)
            .param("id", id)
            .param("subject", subject)
            .update()
        == 1;
  }

  /** The user said yes to a device. */
  boolean allow(UUID id) {
    return jdbc.sql(
                "UPDATE identity.login_flow SET state = 'ready' WHERE id = :id AND state = 'named'")
            .param("id", id)
            .update()
        == 1;
  }

  /** The user of a page is known: it may fetch tokens with this code until then. */
  boolean giveCode(UUID id, String subject, String code, Instant expires) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow
                SET state = 'ready', subject = :subject, secret_hash = :hash, expires = :expires
                WHERE id = :id AND state = 'started' AND kind = 'code'
                """)
            .param("id", id)
            .param("subject", subject)
            .param("hash", Secrets.hash(code))
            .param("expires", at(expires))
            .update()
        == 1;
  }

  /**
   * @param reason nothing: the user said no
   */
  boolean refuse(UUID id, @Nullable String reason) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow SET state = 'refused', reason = :reason
                WHERE id = :id AND state IN ('started', 'named')
                """)
            .param("id", id)
            .param("reason", reason)
            .update()
        == 1;
  }

  /**
   * @param login the first refresh token
   * @return false: somebody was first
   */
  boolean finish(UUID id, UUID login) {
    return jdbc.sql(
                """
                UPDATE identity.login_flow SET state = 'done', login = :login
                WHERE id = :id AND state = 'ready'
                """)
            .param("id", id)
            .param("login", login)
            .update()
        == 1;
  }

  int forgetEndedBefore(Instant time) {
    return jdbc.sql("DELETE FROM identity.login_flow WHERE expires < :time")
        .param("time", at(time))
        .update();
  }
}
