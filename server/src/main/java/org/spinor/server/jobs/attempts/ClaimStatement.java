package org.spinor.server.jobs.attempts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The claim: one statement that takes jobs from the line, starts attempts and leases and logs it.
 */
@Component
final class ClaimStatement implements JobClaims {
  // Locks in the order of job numbers, as every change does, and then looks again whether the job
  // waits.
  private static final String CLAIM =
      """
      WITH wish AS (
        SELECT * FROM unnest(:ids::bigint[], :pilots::text[], :sites::text[], :ces::text[], :requests::text[], :cores::int[],
          :memory::bigint[], :untrusted::boolean[], :hosts::text[])
          AS w(job_id, pilot_stamp, site, ce, request_id, cores, memory_mb, untrusted, host)),
      tried_before AS (
        SELECT a.job_id FROM wish w JOIN jobs.attempt a USING (job_id)
        WHERE w.untrusted AND a.untrusted AND a.outcome IN ('UNDECIDED', 'REJECTED', 'FAILED')
          AND (a.pilot_stamp = w.pilot_stamp OR (a.host = w.host AND a.host <> ''))),
      free AS MATERIALIZED (
        SELECT job_id FROM jobs.job WHERE job_id = ANY(:ids) AND status = 'Waiting'
          AND job_id NOT IN (SELECT job_id FROM tried_before) ORDER BY job_id FOR UPDATE),
      won AS (
        UPDATE jobs.job j
        SET status = 'Matched', minor_status = 'Assigned', application_status = 'Unknown', site = w.site,
          attempt = j.attempt + 1, last_update_time = now(), status_time = greatest(j.status_time, now())
        FROM free f JOIN wish w USING (job_id)
        WHERE j.job_id = f.job_id
        RETURNING j.job_id, j.attempt, j.class_number, j.vo, w.pilot_stamp, w.site, w.ce, w.request_id, w.cores, w.memory_mb,
          w.untrusted, w.host),
      tried AS (
        INSERT INTO jobs.attempt (job_id, attempt, class_number, cores, memory_mb, started, pilot_stamp, request_id, site, ce,
          untrusted, host)
        SELECT job_id, attempt, class_number, cores, memory_mb, now(), pilot_stamp, request_id, site, ce, untrusted, host FROM won),
      leased AS (
        INSERT INTO jobs.lease (job_id, attempt, lease_seconds, lease_until, pilot_stamp, untrusted)
        SELECT job_id, attempt, coalesce(l.seconds, :other), now() + make_interval(secs => coalesce(l.seconds, :other)), pilot_stamp, untrusted
        FROM won LEFT JOIN unnest(:vos::text[], :seconds::int[]) AS l(vo, seconds) USING (vo)),
      logged AS (
        INSERT INTO jobs.logging (job_id, attempt, status_time, status, minor_status, application_status, source)
        SELECT job_id, attempt, now(), 'Matched', 'Assigned', 'Unknown', 'Matcher' FROM won)
      SELECT job_id, attempt, class_number, cores, memory_mb FROM won
      """;

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final LeaseTimes leases;

  ClaimStatement(JdbcClient jdbc, Transactions transactions, LeaseTimes leases) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.leases = leases;
  }

  @Override
  public List<Optional<Claimed>> claim(List<Claim> claims) {
    // Who names a job first may have it; the same job twice in one batch is won once.
    Map<Long, Claim> wishes = new LinkedHashMap<>();
    claims.forEach(claim -> wishes.putIfAbsent(claim.jobId(), claim));
    if (wishes.isEmpty()) {
      return List.of();
    }
    Map<Long, Claimed> won = transactions.in(() -> won(List.copyOf(wishes.values())));
    List<Optional<Claimed>> answers = new ArrayList<>();
    claims.forEach(claim -> answers.add(Optional.ofNullable(won.remove(claim.jobId()))));
    return answers;
  }

  private Map<Long, Claimed> won(List<Claim> wishes) {
    Map<String, Integer> seconds = leases.byVo();
    Map<Long, Claimed> won = new HashMap<>();
    jdbc.sql(CLAIM)
        .param("ids", SqlArrays.numbers(wishes, Claim::jobId))
        .param("pilots", SqlArrays.texts(wishes, Claim::pilotStamp))
        .param("sites", SqlArrays.texts(wishes, Claim::site))
        .param("ces", SqlArrays.texts(wishes, Claim::ce))
        .param("requests", SqlArrays.texts(wishes, Claim::requestId))
        .param("cores", SqlArrays.texts(wishes, Claim::cores))
        .param("memory", SqlArrays.numbers(wishes, Claim::memoryMb))
        .param("untrusted", SqlArrays.texts(wishes, Claim::untrusted))
        .param("hosts", SqlArrays.texts(wishes, Claim::host))
        .param("vos", SqlArrays.texts(seconds.keySet(), vo -> vo))
        .param("seconds", SqlArrays.texts(seconds.values(), value -> value))
        .param("other", leases.other())
        .query(
            row -> {
              Claimed job = claimed(row);
              won.put(job.jobId(), job);
            });
    return won;
  }

  private static Claimed claimed(ResultSet row) throws SQLException {
    return new Claimed(
        row.getLong("job_id"),
        row.getInt("attempt"),
        row.getInt("class_number"),
        row.getInt("cores"),
        row.getLong("memory_mb"));
  }

  @Override
  public List<List<Claimed>> repeated(List<Request> requests) {
    List<List<Claimed>> answers = new ArrayList<>();
    requests.forEach(request -> answers.add(new ArrayList<>()));
    jdbc.sql(
            """
            SELECT r.place, a.job_id, a.attempt, a.class_number, a.cores, a.memory_mb
            FROM unnest(:pilots::text[], :requests::text[]) WITH ORDINALITY AS r(pilot_stamp, request_id, place)
            JOIN jobs.attempt a USING (pilot_stamp, request_id)
            JOIN jobs.lease l ON l.job_id = a.job_id AND l.attempt = a.attempt
            ORDER BY r.place, a.job_id
            """)
        .param("pilots", SqlArrays.texts(requests, Request::pilotStamp))
        .param("requests", SqlArrays.texts(requests, Request::requestId))
        .query(
            row -> {
              answers.get(row.getInt("place") - 1).add(claimed(row));
            });
    return answers;
  }

  @Override
  public void held(Consumer<Held> each) {
    jdbc.sql(
            """
            SELECT a.site, a.ce, a.class_number, count(*) AS attempts, sum(a.cores) AS cores
            FROM jobs.lease l JOIN jobs.attempt a ON a.job_id = l.job_id AND a.attempt = l.attempt
            GROUP BY a.site, a.ce, a.class_number
            """)
        .query(
            row -> {
              each.accept(
                  new Held(
                      row.getString("site"),
                      row.getString("ce"),
                      row.getInt("class_number"),
                      row.getLong("attempts"),
                      row.getLong("cores")));
            });
  }
}
