package org.spinor.server.identity.sessions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The rows of refresh tokens. Each change is one statement that says by its rows whether it was.
 */
@Component
public final class RefreshTokens {
  private static final int GOOD = 1;

  /**
   * @param status 1 good, 2 spent or revoked
   * @param subject {@code <vo>:<sub>}
   */
  record Row(UUID jti, int status, String scope, String subject) {
    boolean good() {
      return status == GOOD;
    }
  }

  private final JdbcClient jdbc;

  public RefreshTokens(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    return new Row(
        row.getObject("jti", UUID.class),
        row.getInt("status"),
        row.getString("scope"),
        row.getString("subject"));
  }

  /** The first token of a login. */
  void add(UUID jti, String subject, String scope, Instant expires) {
    jdbc.sql(
            """
            INSERT INTO identity.refresh_token (jti, login, subject, scope, expires)
            VALUES (:jti, :jti, :subject, :scope, :expires)
            """)
        .param("jti", jti)
        .param("subject", subject)
        .param("scope", scope)
        .param("expires", expires.atOffset(ZoneOffset.UTC))
        .update();
  }

  Optional<Row> find(UUID jti) {
    return jdbc.sql(
            "SELECT jti, status, scope, subject FROM identity.refresh_token WHERE jti = :jti")
        .param("jti", jti)
        .query(RefreshTokens::row)
        .optional();
  }

  /**
   * Spends a token and puts its successor in its place, with the same end.
   *
   * @return false: it was spent or revoked before
   */
  boolean rotate(UUID spent, UUID successor) {
    return jdbc.sql(
                """
            WITH old AS (
              UPDATE identity.refresh_token SET status = 2
              WHERE jti = :spent AND status = 1
              RETURNING login, subject, scope, expires)
            INSERT INTO identity.refresh_token (jti, login, subject, scope, expires)
            SELECT :successor, login, subject, scope, expires FROM old
            """)
            .param("spent", spent)
            .param("successor", successor)
            .update()
        == 1;
  }

  void revoke(UUID jti) {
    jdbc.sql("UPDATE identity.refresh_token SET status = 2 WHERE jti = :jti AND status = 1")
        .param("jti", jti)
        .update();
  }

  /**
   * @param login its first token
   * @return tokens that were good
   */
  int revokeLogin(UUID login) {
    return jdbc.sql(
            "UPDATE identity.refresh_token SET status = 2 WHERE login = :login AND status = 1")
        .param("login", login)
        .update();
  }

  /**
   * @return tokens that were good
   */
  public int revokeAllOf(String subject) {
    return jdbc.sql(
            "UPDATE identity.refresh_token SET status = 2 WHERE subject = :subject AND status = 1")
        .param("subject", subject)
        .update();
  }

  /** Good ones, newest first. */
  List<Row> ofSubject(String subject) {
    return jdbc.sql(
            """
            SELECT jti, status, scope, subject FROM identity.refresh_token
            WHERE subject = :subject AND status = 1 AND expires > now()
            ORDER BY jti DESC
            """)
        .param("subject", subject)
        .query(RefreshTokens::row)
        .list();
  }

  /** Good ones of all users of a VO, newest first. */
  List<Row> ofVo(String vo) {
    return jdbc.sql(
            """
            SELECT jti, status, scope, subject FROM identity.refresh_token
            WHERE starts_with(subject, :prefix) AND status = 1 AND expires > now()
            ORDER BY jti DESC
            """)
        .param("prefix", vo + ":")
        .query(RefreshTokens::row)
        .list();
  }

  /**
   * Forgets tokens that ended before; by then they are refused for their age.
   *
   * @return how many
   */
  public int forgetEndedBefore(Instant time) {
    return jdbc.sql("DELETE FROM identity.refresh_token WHERE expires < :time")
        .param("time", time.atOffset(ZoneOffset.UTC))
        .update();
  }
}
