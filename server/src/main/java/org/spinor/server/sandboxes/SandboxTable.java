package org.spinor.server.sandboxes;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.spinor.server.database.CopyIn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of sandboxes and whose they are. */
@Component
final class SandboxTable {
  private final JdbcClient jdbc;
  private final DataSource dataSource;

  SandboxTable(JdbcClient jdbc, DataSource dataSource) {
    this.jdbc = jdbc;
    this.dataSource = dataSource;
  }

  /**
   * A row.
   *
   * @param store that has the bytes, or is to get them
   * @param stored whether they are known to be there
   */
  record Known(long id, String store, boolean stored) {}

  /**
   * Makes the row where there is none. Whose bytes have not come gets them into this store; who has
   * no job any more starts its last hour anew.
   */
  Known register(SandboxName name, long size, String store) {
    return named(
            """
            INSERT INTO sandboxes.sandbox AS s (checksum, format, vo, owner_group, owner, size, store)
            VALUES (:checksum, :format, :vo, :group, :owner, :size, :store)
            ON CONFLICT (checksum, format, vo, owner_group, owner) DO UPDATE SET last_access = now(),
              store = CASE WHEN s.stored THEN s.store ELSE excluded.store END,
              orphaned = CASE WHEN s.orphaned IS NOT NULL THEN now() END
            RETURNING s.sandbox_id, s.store, s.stored
            """,
            name)
        .param("size", size)
        .param("store", store)
        .query((row, n) -> new Known(row.getLong(1), row.getString(2), row.getBoolean(3)))
        .single();
  }

  private JdbcClient.StatementSpec named(String sql, SandboxName name) {
    return jdbc.sql(sql)
        .param("checksum", name.checksum())
        .param("format", name.format())
        .param("vo", name.vo())
        .param("group", name.ownerGroup())
        .param("owner", name.owner());
  }

  /** Nobody else moves or removes these bytes until the transaction ends. */
  void lockBytes(Collection<String> checksums) {
    jdbc.sql(
            """
            SELECT pg_advisory_xact_lock(hashtextextended(c.checksum, 71))
            FROM (SELECT DISTINCT checksum FROM unnest(:checksums::text[]) AS u(checksum) ORDER BY checksum) AS c
            """)
        .param("checksums", checksums.toArray(String[]::new))
        .query((row, n) -> true)
        .list();
  }

  /** Notes whether this store has the bytes. */
  void stored(SandboxName name, String store, boolean there) {
    named(
            """
            UPDATE sandboxes.sandbox SET stored = :there, store = :store, last_access = now()
            WHERE checksum = :checksum AND format = :format AND vo = :vo AND owner_group = :group AND owner = :owner
            """,
            name)
        .param("there", there)
        .param("store", store)
        .update();
  }

  /** The rows of these sandboxes, those without bytes too; unknown ones are left out. */
  Map<SandboxName, Known> find(Collection<SandboxName> names) {
    List<SandboxName> all = List.copyOf(names);
    Map<SandboxName, Known> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT n.place, s.sandbox_id, s.store, s.stored
            FROM unnest(:checksums::text[], :formats::text[], :vos::text[], :groups::text[], :owners::text[])
              WITH ORDINALITY AS n(checksum, format, vo, owner_group, owner, place)
            JOIN sandboxes.sandbox s USING (checksum, format, vo, owner_group, owner)
            """)
        .param("checksums", all.stream().map(SandboxName::checksum).toArray(String[]::new))
        .param("formats", all.stream().map(SandboxName::format).toArray(String[]::new))
        .param("vos", all.stream().map(SandboxName::vo).toArray(String[]::new))
        .param("groups", all.stream().map(SandboxName::ownerGroup).toArray(String[]::new))
        .param("owners", all.stream().map(SandboxName::owner).toArray(String[]::new))
        .query(
            row -> {
              found.put(
                  all.get(row.getInt("place") - 1),
                  new Known(
                      row.getLong("sandbox_id"), row.getString("store"), row.getBoolean("stored")));
            });
    return found;
  }

  void accessed(long sandboxId) {
    // Once an hour is exact enough for a life of days, and spares a write for each reader.
    jdbc.sql(
            """
            UPDATE sandboxes.sandbox SET last_access = now()
            WHERE sandbox_id = :id AND last_access < now() - interval '1 hour'
            """)
        .param("id", sandboxId)
        .update();
  }

  /**
   * Keeps these from being removed, for this transaction and as long as a job has them.
   *
   * @return how many of them are there still
   */
  int hold(Collection<Long> sandboxIds) {
    List<Long> there =
        jdbc.sql(
                """
                SELECT sandbox_id FROM sandboxes.sandbox WHERE sandbox_id = ANY(:ids) ORDER BY sandbox_id FOR SHARE
                """)
            .param("ids", array(sandboxIds))
            .query((row, n) -> row.getLong(1))
            .list();
    jdbc.sql(
            """
            UPDATE sandboxes.sandbox SET assigned = true, orphaned = NULL
            WHERE sandbox_id = ANY(:ids) AND (NOT assigned OR orphaned IS NOT NULL)
            """)
        .param("ids", array(sandboxIds))
        .update();
    return there.size();
  }

  record Assignment(long jobId, Direction direction, long sandboxId) {}

  /** Many at once, none of which is there yet. */
  void assign(List<Assignment> assignments) {
    CopyIn rows = new CopyIn();
    for (Assignment assignment : assignments) {
      rows.value(assignment.jobId())
          .value(assignment.direction())
          .value(assignment.sandboxId())
          .endRow();
    }
    rows.into(dataSource, "sandboxes.assignment (job_id, direction, sandbox_id)");
  }

  /** False: it is assigned already. */
  boolean assign(Assignment assignment) {
    return jdbc.sql(
                """
                INSERT INTO sandboxes.assignment (job_id, direction, sandbox_id) VALUES (:job, :direction, :sandbox)
                ON CONFLICT DO NOTHING
                """)
            .param("job", assignment.jobId())
            .param("direction", assignment.direction().name())
            .param("sandbox", assignment.sandboxId())
            .update()
        > 0;
  }

  /** The sandboxes of a job. */
  List<SandboxName> of(long jobId, Direction direction, String bucket) {
    return jdbc.sql(
            """
            SELECT s.vo, s.owner_group, s.owner, s.checksum, s.format
            FROM sandboxes.assignment a JOIN sandboxes.sandbox s USING (sandbox_id)
            WHERE a.job_id = :job AND a.direction = :direction ORDER BY s.sandbox_id
            """)
        .param("job", jobId)
        .param("direction", direction.name())
        .query(
            (row, n) ->
                new SandboxName(
                    bucket,
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5)))
        .list();
  }

  /** Lets go of all sandboxes of these jobs. */
  void release(Collection<Long> jobIds) {
    jdbc.sql(
            """
            WITH gone AS (DELETE FROM sandboxes.assignment WHERE job_id = ANY(:jobs) RETURNING sandbox_id),
            lonely AS (
              SELECT DISTINCT g.sandbox_id FROM gone g
              WHERE NOT EXISTS (
                SELECT FROM sandboxes.assignment a WHERE a.sandbox_id = g.sandbox_id AND a.job_id <> ALL(:jobs)))
            UPDATE sandboxes.sandbox s SET orphaned = now() FROM lonely l WHERE s.sandbox_id = l.sandbox_id
            """)
        .param("jobs", array(jobIds))
        .update();
  }

  /** Lets go of what these jobs have brought back. */
  void releaseOutputs(Collection<Long> jobIds) {
    jdbc.sql(
            """
            WITH gone AS (
              DELETE FROM sandboxes.assignment WHERE job_id = ANY(:jobs) AND direction = 'Output' RETURNING sandbox_id),
            lonely AS (
              SELECT DISTINCT g.sandbox_id FROM gone g
              WHERE NOT EXISTS (
                SELECT FROM sandboxes.assignment a
                WHERE a.sandbox_id = g.sandbox_id AND NOT (a.job_id = ANY(:jobs) AND a.direction = 'Output')))
            UPDATE sandboxes.sandbox s SET orphaned = now() FROM lonely l WHERE s.sandbox_id = l.sandbox_id
            """)
        .param("jobs", array(jobIds))
        .update();
  }

  /** Two jobs that let go at the same moment may each have left it to the other. */
  void markOrphans() {
    jdbc.sql(
            """
            UPDATE sandboxes.sandbox s SET orphaned = now()
            WHERE s.assigned AND s.orphaned IS NULL
              AND NOT EXISTS (SELECT FROM sandboxes.assignment a WHERE a.sandbox_id = s.sandbox_id)
            """)
        .update();
  }

  /**
   * Removes rows that nobody needs, and writes down that their bytes are left over.
   *
   * @return how many
   */
  int removeOld(Duration unassigned, Duration orphaned, int limit) {
    return jdbc.sql(
            """
            WITH old AS MATERIALIZED (
              SELECT s.sandbox_id FROM sandboxes.sandbox s
              WHERE ((NOT s.assigned AND s.last_access < now() - make_interval(secs => :unassigned))
                  OR s.orphaned < now() - make_interval(secs => :orphaned))
                AND NOT EXISTS (SELECT FROM sandboxes.assignment a WHERE a.sandbox_id = s.sandbox_id)
              LIMIT :limit FOR UPDATE SKIP LOCKED),
            gone AS (
              DELETE FROM sandboxes.sandbox s USING old o WHERE s.sandbox_id = o.sandbox_id
              RETURNING s.store, s.checksum, s.format, s.vo, s.owner_group, s.owner)
            INSERT INTO sandboxes.leftover (store, checksum, format, vo, owner_group, owner)
            SELECT store, checksum, format, vo, owner_group, owner FROM gone
            """)
        .param("unassigned", unassigned.toSeconds())
        .param("orphaned", orphaned.toSeconds())
        .param("limit", limit)
        .update();
  }

  private static long[] array(Collection<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
