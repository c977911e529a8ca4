package org.spinor.server.identity.people;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What identity providers said of users at their last login: names and groups. */
@Component
final class ProvidedUsers {
  /**
   * @param username given at the first login and kept: jobs are owned by it
   * @param groups as the provider calls them
   */
  record ProvidedUser(
      String vo, String subject, String issuer, String username, Set<String> groups) {
    ProvidedUser {
      groups = Set.copyOf(groups);
    }
  }

  private final JdbcClient jdbc;

  ProvidedUsers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static ProvidedUser user(ResultSet row, int number) throws SQLException {
    return new ProvidedUser(
        row.getString("vo"),
        row.getString("subject"),
        row.getString("issuer"),
        row.getString("username"),
        Set.copyOf(List.of((String[]) row.getArray("groups").getArray())));
  }

  Optional<ProvidedUser> find(String vo, String subject) {
    return jdbc.sql(
            """
            SELECT vo, subject, issuer, username, groups FROM identity.provided_user
            WHERE vo = :vo AND subject = :subject
            """)
        .param("vo", vo)
        .param("subject", subject)
        .query(ProvidedUsers::user)
        .optional();
  }

  /**
   * Keeps what a login has shown; the name only the first time.
   *
   * @return false: the name is somebody else's
   */
  boolean keep(ProvidedUser user, Instant seen) {
    try {
      jdbc.sql(
              """
              INSERT INTO identity.provided_user (vo, subject, issuer, username, groups, seen)
              VALUES (:vo, :subject, :issuer, :username, :groups, :seen)
              ON CONFLICT (vo, subject) DO UPDATE
              SET issuer = excluded.issuer, groups = excluded.groups, seen = excluded.seen
              """)
          .param("vo", user.vo())
          .param("subject", user.subject())
          .param("issuer", user.issuer())
          .param("username", user.username())
          .param("groups", user.groups().toArray(String[]::new))
          .param("seen", seen.atOffset(ZoneOffset.UTC))
          .update();
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }
}
