package org.spinor.server.provisioning.trials;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SiteTest;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of tests of queues. */
final class SiteTests {
  private static final String COLUMNS =
      """
      SELECT test_id, site, ce, queue, vo, started, ended, timeout_seconds, with_pilot, looks, stamp, reference, steps
        FROM provisioning.site_test
      """;

  private final JdbcClient jdbc;

  SiteTests(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Writes down a test to be done; old ones go. */
  long create(Pilots.Queue queue, String vo, String by, Duration timeout, boolean withPilot) {
    jdbc.sql("DELETE FROM provisioning.site_test WHERE started < now() - interval '30 days'")
        .update();
    return jdbc.sql(
            """
            INSERT INTO provisioning.site_test (site, ce, queue, vo, asked_by, timeout_seconds, with_pilot, steps)
            VALUES (:site, :ce, :queue, :vo, :by, :timeout, :pilot, :steps::jsonb)
            RETURNING test_id
            """)
        .param("site", queue.site())
        .param("ce", queue.ce())
        .param("queue", queue.name())
        .param("vo", vo)
        .param("by", by)
        .param("timeout", timeout.toSeconds())
        .param("pilot", withPilot)
        .param("steps", WireJson.mapper().writeValueAsString(TrialRun.fresh()))
        .query(Long.class)
        .single();
  }

  Optional<TrialRun> load(long id) {
    return jdbc.sql(COLUMNS + " WHERE test_id = :id")
        .param("id", id)
        .query((row, number) -> run(row))
        .optional();
  }

  Optional<SiteTest> view(String site, long id) {
    return jdbc.sql(COLUMNS + " WHERE test_id = :id AND site = :site")
        .param("id", id)
        .param("site", site)
        .query((row, number) -> view(row))
        .optional();
  }

  /** Shows how far a look has come, while it goes on. */
  void progress(TrialRun run) {
    save(run, 0);
  }

  /** Ends a look. */
  void finishLook(TrialRun run) {
    save(run, 1);
  }

  private void save(TrialRun run, int looks) {
    jdbc.sql(
            """
            UPDATE provisioning.site_test SET
              steps = :steps::jsonb, stamp = :stamp, reference = :reference, looks = looks + :looks,
              ended = CASE WHEN :over THEN coalesce(ended, now()) END
             WHERE test_id = :id
            """)
        .param("steps", WireJson.mapper().writeValueAsString(run.steps()))
        .param("stamp", run.stamp().orElse(null))
        .param("reference", run.reference().orElse(null))
        .param("looks", looks)
        .param("over", run.over())
        .param("id", run.asked().id())
        .update();
  }

  private static TrialRun run(ResultSet row) throws SQLException {
    return new TrialRun(
        new TrialRun.Asked(
            row.getLong("test_id"),
            new Pilots.Queue(row.getString("site"), row.getString("ce"), row.getString("queue")),
            row.getString("vo"),
            row.getObject("started", OffsetDateTime.class).toInstant(),
            Duration.ofSeconds(row.getInt("timeout_seconds")),
            row.getBoolean("with_pilot"),
            row.getInt("looks")),
        steps(row),
        Optional.ofNullable(row.getString("stamp")),
        Optional.ofNullable(row.getString("reference")),
        row.getObject("ended") != null);
  }

  private static List<SiteTest.Step> steps(ResultSet row) throws SQLException {
    return List.of(WireJson.mapper().readValue(row.getString("steps"), SiteTest.Step[].class));
  }

  private static SiteTest view(ResultSet row) throws SQLException {
    List<SiteTest.Step> steps = steps(row);
    OffsetDateTime ended = row.getObject("ended", OffsetDateTime.class);
    @Nullable Instant end = ended == null ? null : ended.toInstant();
    boolean failed = steps.stream().anyMatch(step -> step.state().equals("failed"));
    return new SiteTest(
        row.getLong("test_id"),
        row.getString("site"),
        row.getString("ce"),
        row.getString("queue"),
        row.getString("vo"),
        end == null ? SiteTest.RUNNING : failed ? SiteTest.FAILED : SiteTest.PASSED,
        row.getObject("started", OffsetDateTime.class).toInstant(),
        end,
        row.getInt("timeout_seconds"),
        row.getString("stamp"),
        steps);
  }
}
