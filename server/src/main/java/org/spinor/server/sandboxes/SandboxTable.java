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
   * Makes the row where there is none.
   *
   * @return whether the bytes are there already
   */
  boolean register(SandboxName name, long size) {
    return jdbc.sql(
            """
            INSERT INTO sandboxes.sandbox AS s (checksum, format, vo, owner_group, owner, size)
            VALUES (:checksum, :format, :vo, :group, :owner, :size)
            ON CONFLICT (checksum, format, vo, owner_group, owner) DO UPDATE SET last_access = now()
            RETURNING s.stored
            """)
        .param("checksum", name.checksum())
        .param("format", name.format())
        .param("vo", name.vo())
        .param("group", name.ownerGroup())
        .param("owner", name.owner())
        .param("size", size)
        .query((row, n) -> row.getBoolean(1))
        .single();
  }

  /** Nobody else moves or removes these bytes until the transaction ends. */
  void lockBytes(String checksum) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:checksum, 71))")
        .param("checksum", checksum)
        .query((row, n) -> true)
        .single();
  }

  /** Notes that the bytes have come; false: the row was removed meanwhile. */
  boolean stored(SandboxName name) {
    return jdbc.sql(
                """
                UPDATE sandboxes.sandbox SET stored = true, last_access = now()
                WHERE checksum = :checksum AND format = :format AND vo = :vo AND owner_group = :group AND owner = :owner
                """)
            .param("checksum", name.checksum())
            .param("format", name.format())
            .param("vo", name.vo())
            .param("group", name.ownerGroup())
            .param("owner", name.owner())
            .update()
        > 0;
  }

  /** Numbers of the sandboxes whose bytes are there; the others are left out. */
  Map<SandboxName, Long> find(Collection<SandboxName> names) {
    List<SandboxName> all = List.copyOf(names);
    Map<SandboxName, Long> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT n.place, s.sandbox_id
            FROM unnest(:checksums::text[], :formats::text[], :vos::text[], :groups::text[], :owners::text[])
              WITH ORDINALITY AS n(checksum, format, vo, owner_group, owner, place)
            JOIN sandboxes.sandbox s USING (checksum, format, vo, owner_group, owner)
            WHERE s.stored
            """)
        .param("checksums", all.stream().map(SandboxName::checksum).toArray(String[]::new))
        .param("formats", all.stream().map(SandboxName::format).toArray(String[]::new))
        .param("vos", all.stream().map(SandboxName::vo).toArray(String[]::new))
        .param("groups", all.stream().map(SandboxName::ownerGroup).toArray(String[]::new))
        .param("owners", all.stream().map(SandboxName::owner).toArray(String[]::new))
        .query(
            row -> {
              found.put(all.get(row.getInt("place") - 1), row.getLong("sandbox_id"));
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

  /** Removes rows that nobody needs; their bytes may have lost their last owner. */
  List<Blob> removeOld(Duration unassigned, Duration orphaned, int limit) {
    return jdbc.sql(
            """
                WITH old AS MATERIALIZED (
                  SELECT s.sandbox_id FROM sandboxes.sandbox s
                  WHERE ((NOT s.assigned AND s.last_access < now() - make_interval(secs => :unassigned))
                      OR s.orphaned < now() - make_interval(secs => :orphaned))
                    AND NOT EXISTS (SELECT FROM sandboxes.assignment a WHERE a.sandbox_id = s.sandbox_id)
                  LIMIT :limit FOR UPDATE SKIP LOCKED)
                DELETE FROM sandboxes.sandbox s USING old o WHERE s.sandbox_id = o.sandbox_id
                RETURNING s.checksum, s.format, s.size
                """)
        .param("unassigned", unassigned.toSeconds())
        .param("orphaned", orphaned.toSeconds())
        .param("limit", limit)
        .query((row, n) -> new Blob(row.getString(1), row.getString(2), row.getLong(3)))
        .list();
  }

  /** Whether somebody still has these bytes. */
  boolean isOwned(Blob blob) {
    return jdbc.sql(
            """
            SELECT EXISTS (
              SELECT FROM sandboxes.sandbox WHERE checksum = :checksum AND format = :format AND stored)
            """)
        .param("checksum", blob.checksum())
        .param("format", blob.format())
        .query((row, n) -> row.getBoolean(1))
        .single();
  }

  private static long[] array(Collection<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
