package org.spinor.server.sandboxes;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Bytes that have lost their row and are to be removed. */
@Component
final class Leftovers {
  private final JdbcClient jdbc;

  Leftovers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  record Leftover(long id, SandboxName name) {}

  /** Those whose time has come; nobody else gets them until the transaction ends. */
  List<Leftover> due(String store, String bucket, int limit) {
    return jdbc.sql(
            """
            SELECT leftover_id, vo, owner_group, owner, checksum, format FROM sandboxes.leftover
            WHERE store = :store AND due <= now() ORDER BY due LIMIT :limit FOR UPDATE SKIP LOCKED
            """)
        .param("store", store)
        .param("limit", limit)
        .query(
            (row, n) ->
                new Leftover(
                    row.getLong(1),
                    new SandboxName(
                        bucket,
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6))))
        .list();
  }

  /**
   * Those of them that somebody has again: the same owner, or where a store keeps bytes once for
   * all owners anybody.
   */
  Set<Long> wanted(Collection<Leftover> some) {
    return Set.copyOf(
        jdbc.sql(
                """
                SELECT l.leftover_id FROM sandboxes.leftover l
                WHERE l.leftover_id = ANY(:ids) AND EXISTS (
                  SELECT FROM sandboxes.sandbox s
                  WHERE s.checksum = l.checksum AND s.format = l.format AND s.store = l.store
                    AND (s.vo = l.vo AND s.owner_group = l.owner_group AND s.owner = l.owner
                         OR s.store = 'local' AND s.stored))
                """)
            .param("ids", ids(some))
            .query((row, n) -> row.getLong(1))
            .list());
  }

  void done(Collection<Leftover> some) {
    jdbc.sql("DELETE FROM sandboxes.leftover WHERE leftover_id = ANY(:ids)")
        .param("ids", ids(some))
        .update();
  }

  /** Tried again in an hour. */
  void later(Collection<Leftover> some) {
    jdbc.sql(
            """
            UPDATE sandboxes.leftover SET due = now() + interval '1 hour' WHERE leftover_id = ANY(:ids)
            """)
        .param("ids", ids(some))
        .update();
  }

  private static long[] ids(Collection<Leftover> some) {
    return some.stream().mapToLong(Leftover::id).toArray();
  }
}
