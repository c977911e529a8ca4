package org.spinor.server.pilots.life;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The columns of pilots as registered and changed from outside. */
@Repository
public final class PilotRegistry {
  /** A change that stays among the living: ends go through {@link Endings}. */
  public record Change(String stamp, PilotMetadata metadata) {}

  private final JdbcClient jdbc;

  PilotRegistry(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public void register(PilotRegistration pilot) {
    try {
      jdbc.sql(
              """
              INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status)
              VALUES (:stamp, :reference, :vo, :destination, 'Unknown', :site, :type, :status)
              """)
          .param("stamp", pilot.stamp())
          .param("reference", pilot.reference())
          .param("vo", pilot.vo())
          .param("destination", pilot.destinationSite())
          .param("site", pilot.gridSite())
          .param("type", pilot.gridType())
          .param("status", Objects.requireNonNull(pilot.status()).name())
          .update();
    } catch (DuplicateKeyException e) {
      throw new SpinorException(
          ErrorCode.CONFLICT, "Pilot with stamp '" + pilot.stamp() + "' already exists");
    }
  }

  /** The VOs of these pilots, which are locked in a fixed order; those that do not exist miss. */
  public Map<String, String> lock(Collection<String> stamps) {
    Map<String, String> vos = new HashMap<>();
    jdbc.sql(
            """
            SELECT stamp, vo FROM pilots.pilot WHERE stamp = ANY(:stamps) ORDER BY pilot_id FOR UPDATE
            """)
        .param("stamps", stamps.toArray(String[]::new))
        .query(
            row -> {
              vos.put(row.getString("stamp"), row.getString("vo"));
            });
    return vos;
  }

  /**
   * Sets what the changes name, for all pilots in one statement.
   *
   * @param revive whether a pilot that has ended may live again
   */
  public void change(List<Change> changes, boolean revive) {
    jdbc.sql(
            """
            WITH c AS (
              SELECT * FROM unnest(:stamps::text[], :reasons::text[], :statuses::text[], :marks::float8[], :destinations::text[],
                                   :queues::text[], :sites::text[], :types::text[], :sent::boolean[], :jobs::bigint[])
                AS c (stamp, reason, status, mark, destination, queue, site, type, sent, job))
            UPDATE pilots.pilot p SET
              status_reason = coalesce(c.reason, p.status_reason),
              status = CASE WHEN :revive OR p.lost OR p.status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted')
                            THEN coalesce(c.status, p.status) ELSE p.status END,
              bench_mark = coalesce(c.mark, p.bench_mark),
              destination_site = coalesce(c.destination, p.destination_site),
              queue = coalesce(c.queue, p.queue),
              grid_site = coalesce(c.site, p.grid_site),
              grid_type = coalesce(c.type, p.grid_type),
              accounting_sent = coalesce(c.sent, p.accounting_sent),
              current_job_id = coalesce(c.job, p.current_job_id),
              initial_job_id = CASE WHEN p.initial_job_id = 0 THEN coalesce(c.job, 0) ELSE p.initial_job_id END,
              first_seen = CASE WHEN c.status = 'Running' THEN coalesce(p.first_seen, now()) ELSE p.first_seen END,
              last_update_time = now()
            FROM c WHERE p.stamp = c.stamp
            """)
        .param("revive", revive)
        .param("stamps", column(changes, Change::stamp))
        .param("reasons", column(changes, c -> c.metadata().statusReason()))
        .param("statuses", column(changes, c -> name(c.metadata().status())))
        .param("marks", values(changes, PilotMetadata::benchMark).toArray(Double[]::new))
        .param("destinations", column(changes, c -> c.metadata().destinationSite()))
        .param("queues", column(changes, c -> c.metadata().queue()))
        .param("sites", column(changes, c -> c.metadata().gridSite()))
        .param("types", column(changes, c -> c.metadata().gridType()))
        .param("sent", values(changes, PilotMetadata::accountingSent).toArray(Boolean[]::new))
        .param("jobs", values(changes, PilotMetadata::currentJobId).toArray(Long[]::new))
        .update();
    mapJobs(changes);
  }

  private void mapJobs(List<Change> changes) {
    List<Change> told =
        changes.stream().filter(change -> change.metadata().currentJobId() != null).toList();
    if (told.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            WITH told AS (
              SELECT p.pilot_id, t.job_id
                FROM unnest(:stamps::text[], :jobs::bigint[]) AS t (stamp, job_id) JOIN pilots.pilot p USING (stamp)),
            live AS (
              UPDATE pilots.live l SET current_job_id = t.job_id FROM told t WHERE l.pilot_id = t.pilot_id)
            INSERT INTO pilots.job_pilot (job_id, pilot_id)
            SELECT job_id, pilot_id FROM told WHERE job_id > 0
            ON CONFLICT DO NOTHING
            """)
        .param("stamps", column(told, Change::stamp))
        .param("jobs", values(told, PilotMetadata::currentJobId).toArray(Long[]::new))
        .update();
  }

  /** Tells a pilot to take no more work. */
  public boolean drain(String stamp, String reason) {
    return jdbc.sql(
                """
                UPDATE pilots.pilot SET drain = true, drain_reason = :reason, last_update_time = now()
                 WHERE stamp = :stamp AND status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted')
                """)
            .param("stamp", stamp)
            .param("reason", Endings.cut(reason))
            .update()
        > 0;
  }

  private static @Nullable String name(@Nullable PilotStatus status) {
    return status == null ? null : status.name();
  }

  private interface Text {
    @Nullable String of(Change change);
  }

  private interface Value<T> {
    @Nullable T of(PilotMetadata metadata);
  }

  private static @Nullable String[] column(List<Change> changes, Text text) {
    @Nullable String[] column = new @Nullable String[changes.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = text.of(changes.get(i));
    }
    return column;
  }

  private static <T> List<@Nullable T> values(List<Change> changes, Value<T> value) {
    List<@Nullable T> values = new ArrayList<>();
    changes.forEach(change -> values.add(value.of(change.metadata())));
    return values;
  }
}
