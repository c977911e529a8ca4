package org.spinor.server.jobs.attempts;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.Unheard;
import org.spinor.server.jobs.rows.Lease;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The leases of living attempts. */
@Component
public final class Leases {
  private static final int AT_ONCE = 2_000;
  private static final int SHORTEST_GRACE_SECONDS = 60;

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final LostAttempts lost;
  private final LeaseTimes times;
  private final Unheard unheard;

  Leases(
      JdbcClient jdbc,
      Transactions transactions,
      LostAttempts lost,
      LeaseTimes times,
      Unheard unheard) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.lost = lost;
    this.times = times;
    this.unheard = unheard;
  }

  /** As {@code Jobs.renewLeases}. */
  public List<AttemptId> renew(String pilotStamp, List<AttemptId> running) {
    if (running.isEmpty()) {
      return List.of();
    }
    Set<AttemptId> held = new HashSet<>(transactions.in(() -> renewed(pilotStamp, running)));
    return running.stream().filter(run -> !held.contains(run)).toList();
  }

  private List<AttemptId> renewed(String pilotStamp, List<AttemptId> running) {
    return jdbc.sql(
            """
            WITH held AS (
              SELECT l.job_id, l.attempt
              FROM jobs.lease l
              JOIN unnest(:ids::bigint[], :attempts::int[]) AS r(job_id, attempt) USING (job_id, attempt)
              WHERE l.pilot_stamp = :pilot
              ORDER BY l.job_id FOR UPDATE OF l)
            UPDATE jobs.lease l SET lease_until = greatest(l.lease_until, now() + make_interval(secs => l.lease_seconds))
            FROM held WHERE l.job_id = held.job_id
            RETURNING l.job_id, l.attempt
            """)
        .param("ids", SqlArrays.numbers(running, run -> run.jobId().value()))
        .param("attempts", SqlArrays.texts(running, AttemptId::attempt))
        .param("pilot", pilotStamp)
        .query((row, n) -> new AttemptId(new JobId(row.getLong(1)), row.getInt(2)))
        .list();
  }

  /** Living attempts of a pilot. */
  public List<AttemptId> of(String pilotStamp) {
    return jdbc.sql(
            """
            SELECT a.job_id, a.attempt
            FROM jobs.attempt a JOIN jobs.lease l ON l.job_id = a.job_id AND l.attempt = a.attempt
            WHERE a.pilot_stamp = :pilot AND a.ended IS NULL ORDER BY a.job_id
            """)
        .param("pilot", pilotStamp)
        .query((row, n) -> new AttemptId(new JobId(row.getLong(1)), row.getInt(2)))
        .list();
  }

  /** As {@code Jobs.releaseAttemptsOf}. */
  public void release(String pilotStamp, String reason) {
    List<Long> jobs = of(pilotStamp).stream().map(attempt -> attempt.jobId().value()).toList();
    for (int from = 0; from < jobs.size(); from += AT_ONCE) {
      lost.end(
          jobs.subList(from, Math.min(jobs.size(), from + AT_ONCE)),
          lease -> lease.pilotStamp().equals(pilotStamp),
          MinorStatus.PILOT_LOST,
          reason,
          "PilotStatus");
    }
  }

  /** The wrapper gives its own attempt back. */
  public boolean giveBack(AttemptId attempt, String reason) {
    return lost.end(
            List.of(attempt.jobId().value()),
            lease -> lease.attempt() == attempt.attempt(),
            MinorStatus.GOING_TO_RESCHEDULE,
            reason,
            "JobWrapper")
        > 0;
  }

  /** Ends attempts whose lease is over, but for those of pilots that nobody could hear. */
  int expire() {
    SortedMap<Long, String> late = late(0);
    if (late.isEmpty()) {
      return 0;
    }
    Unheard.Moment moment = unheard.look();
    int ended = 0;
    while (!late.isEmpty()) {
      List<Long> jobs = List.copyOf(late.keySet());
      extend(jobs, moment.among(Set.copyOf(late.values())));
      ended +=
          lost.end(
              jobs,
              Lease::expired,
              MinorStatus.PILOT_LOST,
              "no sign of life for too long",
              "LeaseKeeper");
      dropOrphans(jobs);
      late = late(late.lastKey());
    }
    return ended;
  }

  /** The next jobs whose lease is over, and their pilots. */
  private SortedMap<Long, String> late(long after) {
    SortedMap<Long, String> pilots = new TreeMap<>();
    jdbc.sql(
            """
            SELECT job_id, pilot_stamp FROM jobs.lease
            WHERE lease_until < now() AND job_id > :after ORDER BY job_id LIMIT :limit
            """)
        .param("after", after)
        .param("limit", AT_ONCE)
        .query(
            row -> {
              pilots.put(row.getLong(1), row.getString(2));
            });
    return pilots;
  }

  private void extend(List<Long> jobs, Set<String> pilots) {
    if (pilots.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            UPDATE jobs.lease SET lease_until = now() + make_interval(secs => greatest(lease_seconds, :shortest))
            WHERE job_id = ANY(:ids) AND pilot_stamp = ANY(:pilots) AND lease_until < now()
            """)
        .param("ids", SqlArrays.ids(jobs))
        .param("pilots", pilots.toArray(String[]::new))
        .param("shortest", SHORTEST_GRACE_SECONDS)
        .update();
  }

  /** Leases without a job: the job was removed. */
  private void dropOrphans(List<Long> jobs) {
    jdbc.sql(
            """
            DELETE FROM jobs.lease l WHERE l.job_id = ANY(:ids)
              AND NOT EXISTS (SELECT FROM jobs.job j WHERE j.job_id = l.job_id)
            """)
        .param("ids", SqlArrays.ids(jobs))
        .update();
  }

  /**
   * Nobody is late before so much time has passed from now: a lease of his own, and long enough for
   * a server that has just started to hear everybody at once. Whoever speaks meanwhile keeps it.
   */
  void grace() {
    jdbc.sql(
            """
            UPDATE jobs.lease SET lease_until = now() + make_interval(secs => :seconds)
            WHERE lease_until < now() + make_interval(secs => :seconds)
            """)
        .param("seconds", Math.max(SHORTEST_GRACE_SECONDS, times.longest()))
        .update();
  }

  /**
   * Notes that the keeper looked.
   *
   * @return seconds since it did so last
   */
  double seen() {
    return jdbc.sql(
            """
            WITH before AS (SELECT seen FROM jobs.lease_keeper FOR UPDATE)
            UPDATE jobs.lease_keeper k SET seen = now() FROM before
            RETURNING extract(epoch FROM now() - before.seen)::float8
            """)
        .query(Double.class)
        .single();
  }
}
