package org.spinor.server.identity.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The local accounts. */
@Component
final class Accounts {
  /**
   * @param subject the user's key among the {@code Users} of the VO in the configuration
   */
  record Account(
      String vo,
      String username,
      String subject,
      String passwordHash,
      Instant created,
      boolean disabled) {
    @Override
    public String toString() {
      return vo + "/" + username;
    }
  }

  private final JdbcClient jdbc;

  Accounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static Account account(ResultSet row, int number) throws SQLException {
    return new Account(
        row.getString("vo"),
        row.getString("username"),
        row.getString("subject"),
        row.getString("password_hash"),
        row.getObject("created", OffsetDateTime.class).toInstant(),
        row.getBoolean("disabled"));
  }

  Optional<Account> find(String vo, String username) {
    return jdbc.sql(
            """
            SELECT vo, username, subject, password_hash, created, disabled
            FROM identity.account
            WHERE vo = :vo AND username = :username
            """)
        .param("vo", vo)
        .param("username", username)
        .query(Accounts::account)
        .optional();
  }

  List<Account> all() {
    return jdbc.sql(
            """
            SELECT vo, username, subject, password_hash, created, disabled
            FROM identity.account
            ORDER BY vo, username
            """)
        .query(Accounts::account)
        .list();
  }

  boolean none() {
    return jdbc.sql("SELECT NOT EXISTS (SELECT FROM identity.account)")
        .query(Boolean.class)
        .single();
  }

  /**
   * @return false: the VO has an account of that name or of that subject
   */
  boolean add(String vo, String username, String subject, String passwordHash) {
    try {
      jdbc.sql(
              """
              INSERT INTO identity.account (vo, username, subject, password_hash)
              VALUES (:vo, :username, :subject, :hash)
              """)
          .param("vo", vo)
          .param("username", username)
          .param("subject", subject)
          .param("hash", passwordHash)
          .update();
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  /** Sets a new password, which also opens a disabled account again. */
  Optional<Account> password(String vo, String username, String passwordHash) {
    return jdbc.sql(
            """
            UPDATE identity.account SET password_hash = :hash, disabled = false
            WHERE vo = :vo AND username = :username
            RETURNING vo, username, subject, password_hash, created, disabled
            """)
        .param("vo", vo)
        .param("username", username)
        .param("hash", passwordHash)
        .query(Accounts::account)
        .optional();
  }

  Optional<Account> disable(String vo, String username) {
    return jdbc.sql(
            """
            UPDATE identity.account SET disabled = true
            WHERE vo = :vo AND username = :username
            RETURNING vo, username, subject, password_hash, created, disabled
            """)
        .param("vo", vo)
        .param("username", username)
        .query(Accounts::account)
        .optional();
  }
}
