package org.spinor.server.jobs.rows;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.AttemptId;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Asks whether a caller may touch all of some jobs. */
@Component
public final class ReachCheck {
  private final JdbcClient jdbc;
  private final Reach reach;

  ReachCheck(JdbcClient jdbc, Reach reach) {
    this.jdbc = jdbc;
    this.reach = reach;
  }

  /**
   * Refuses unless all exist and are within reach; of a payload also that its attempt lives.
   *
   * @throws SpinorException FORBIDDEN, STALE_ATTEMPT
   */
  public void requireAll(Caller caller, Collection<Long> jobIds) {
    if (!requireThoseThatExist(caller, jobIds).containsAll(jobIds)) {
      throw Reach.refused();
    }
  }

  /**
   * As {@link #requireAll}, but who may see more than the own jobs may also hear that there is no
   * such job.
   *
   * @return the jobs that exist
   */
  public Set<Long> requireKnown(Caller caller, Collection<Long> jobIds) {
    Set<Long> known = requireThoseThatExist(caller, jobIds);
    if (caller.reach() == Caller.Reach.OWN && !known.containsAll(jobIds)) {
      throw Reach.refused();
    }
    return known;
  }

  private record Owned(long jobId, String vo, String owner, String ownerGroup, int livingAttempt) {}

  private Set<Long> requireThoseThatExist(Caller caller, Collection<Long> jobIds) {
    Set<Long> known = new HashSet<>();
    Optional<AttemptId> payload = caller.attempt();
    for (Owned job : owners(jobIds)) {
      if (!reach.includes(caller, job.jobId(), job.vo(), job.owner(), job.ownerGroup())) {
        throw Reach.refused();
      }
      if (payload.isPresent() && payload.get().attempt() != job.livingAttempt()) {
        throw Reach.stale(payload.get());
      }
      known.add(job.jobId());
    }
    return known;
  }

  private Collection<Owned> owners(Collection<Long> jobIds) {
    return jdbc.sql(
            """
            SELECT j.job_id, j.vo, j.owner, j.owner_group, coalesce(l.attempt, 0) AS living
            FROM jobs.job j LEFT JOIN jobs.lease l USING (job_id) WHERE j.job_id = ANY(:ids)
            """)
        .param("ids", SqlArrays.ids(jobIds))
        .query(
            (row, n) ->
                new Owned(
                    row.getLong("job_id"),
                    row.getString("vo"),
                    row.getString("owner"),
                    row.getString("owner_group"),
                    row.getInt("living")))
        .list();
  }
}
