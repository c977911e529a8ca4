package org.spinor.server.pilots.contact;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.identity.PilotSecrets;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The secrets with which pilots get their tokens. Only hashes are kept. A pilot whose submission is
 * tried again gets another secret, and the earlier one stays good: the first try may have worked
 * although its answer was lost.
 */
@Component
public final class SecretKeeper implements PilotSecrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JdbcClient jdbc;
  private final Contacts contacts;
  private final Places places;

  SecretKeeper(JdbcClient jdbc, Contacts contacts, Places places) {
    this.jdbc = jdbc;
    this.contacts = contacts;
    this.places = places;
  }

  /** A fresh secret for each of these pilots. */
  public Map<String, String> renew(Collection<String> stamps) {
    Map<String, String> secrets = new HashMap<>();
    stamps.forEach(stamp -> secrets.put(stamp, random()));
    String[] keys = secrets.keySet().toArray(String[]::new);
    byte[][] hashes = new byte[keys.length][];
    for (int i = 0; i < keys.length; i++) {
      hashes[i] = hash(secrets.getOrDefault(keys[i], ""));
    }
    jdbc.sql(
            """
            UPDATE pilots.pilot p SET secret_hashes = p.secret_hashes || s.hash
              FROM unnest(:stamps::text[], :hashes::bytea[]) AS s (stamp, hash)
             WHERE p.stamp = s.stamp
            """)
        .param("stamps", keys)
        .param("hashes", hashes)
        .update();
    return secrets;
  }

  @Override
  public Optional<String> voOf(String stamp, String secret) {
    byte[] shown = hash(secret);
    return jdbc.sql(
            """
            SELECT vo, secret_hashes FROM pilots.pilot
             WHERE stamp = :stamp AND (status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted') OR lost)
            """)
        .param("stamp", stamp.replace("\0", ""))
        .query(
            (row, number) ->
                isAmong(shown, row.getArray("secret_hashes"))
                    ? Optional.of(row.getString("vo"))
                    : Optional.<String>empty())
        .optional()
        .flatMap(vo -> vo);
  }

  @Override
  public boolean untrusted(String stamp) {
    return contacts.standing(stamp).filter(places::untrusted).isPresent();
  }

  /** Compares in a time that does not depend on where the difference is. */
  private static boolean isAmong(byte[] shown, Array hashes) throws SQLException {
    boolean found = false;
    for (Object hash : (Object[]) hashes.getArray()) {
      found |= MessageDigest.isEqual(shown, (byte[]) hash);
    }
    return found;
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
