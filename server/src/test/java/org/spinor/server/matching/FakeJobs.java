package org.spinor.server.matching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.WaitingJobs;

/**
 * The room of jobs reduced to its waiting line, in a real table, shared by all servers of a test.
 * Claims can be made to fail.
 */
public final class FakeJobs implements WaitingJobs, JobClaims {
  private final TestDatabase database;
  private final AtomicInteger claims = new AtomicInteger();
  public volatile IntPredicate failing = claim -> false;
  public volatile IntPredicate losing = claim -> false;

  /** How long a claim takes, seconds: others ask meanwhile. */
  public volatile double slowness;

  FakeJobs(TestDatabase database) {
    this.database = database;
    database
        .jdbc()
        .sql(
            """
            CREATE SCHEMA fake
            CREATE TABLE job (job_id bigint PRIMARY KEY, class_number int NOT NULL, priority int NOT NULL, attempt int NOT NULL DEFAULT 0,
              waiting boolean NOT NULL DEFAULT true, live boolean NOT NULL DEFAULT false,
              pilot text, request text, site text, ce text, cores int, memory bigint)
            CREATE INDEX line ON job (class_number, priority DESC, job_id) WHERE waiting
            """)
        .update();
  }

  /** Puts jobs into the line; whoever matches is to be told of it. */
  List<Long> submit(int classNumber, int priority, int jobs) {
    return database
        .jdbc()
        .sql(
            """
            INSERT INTO fake.job (job_id, class_number, priority)
            SELECT coalesce((SELECT max(job_id) FROM fake.job), 0) + n, :class, :priority FROM generate_series(1, :jobs) AS n
            RETURNING job_id
            """)
        .param("class", classNumber)
        .param("priority", priority)
        .param("jobs", jobs)
        .query((row, n) -> row.getLong(1))
        .list();
  }

  public long waiting() {
    return count("waiting");
  }

  long live() {
    return count("live");
  }

  private long count(String condition) {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM fake.job WHERE " + condition)
        .query(Long.class)
        .single();
  }

  /** A number of a job's row. */
  public int number(long jobId, String column) {
    return database
        .jdbc()
        .sql("SELECT " + column + " FROM fake.job WHERE job_id = ?")
        .param(jobId)
        .query((row, n) -> row.getInt(1))
        .single();
  }

  /** The job leaves the line without a match. */
  public void kill(long jobId) {
    database
        .jdbc()
        .sql("UPDATE fake.job SET waiting = false WHERE job_id = ?")
        .param(jobId)
        .update();
  }

  /** The attempt is over. */
  public void end(long jobId) {
    database.jdbc().sql("UPDATE fake.job SET live = false WHERE job_id = ?").param(jobId).update();
  }

  @Override
  public void counts(Consumer<Count> each) {
    database
        .jdbc()
        .sql("SELECT class_number, count(*), sum(priority) FROM fake.job WHERE waiting GROUP BY 1")
        .query(
            row -> {
              each.accept(new Count(row.getInt(1), row.getLong(2), row.getLong(3)));
            });
  }

  @Override
  public List<Place> next(int classNumber, Optional<Place> after, int limit) {
    return database
        .jdbc()
        .sql(
            """
            SELECT priority, job_id FROM fake.job
            WHERE waiting AND class_number = :class AND (priority < :priority OR (priority = :priority AND job_id > :job))
            ORDER BY priority DESC, job_id LIMIT :limit
            """)
        .param("class", classNumber)
        .param("priority", after.map(Place::priority).orElse(Integer.MAX_VALUE))
        .param("job", after.map(Place::jobId).orElse(0L))
        .param("limit", limit)
        .query((row, n) -> new Place(row.getInt(1), row.getLong(2)))
        .list();
  }

  @Override
  public long ahead(int classNumber, Place place) {
    return database
        .jdbc()
        .sql(
            """
            SELECT count(*) FROM fake.job
            WHERE waiting AND class_number = :class AND (priority > :priority OR (priority = :priority AND job_id < :job))
            """)
        .param("class", classNumber)
        .param("priority", place.priority())
        .param("job", place.jobId())
        .query(Long.class)
        .single();
  }

  @Override
  public List<Optional<Claimed>> claim(List<Claim> wishes) {
    int number = claims.incrementAndGet();
    if (slowness > 0) {
      database.jdbc().sql("SELECT pg_sleep(?)").param(slowness).query(row -> {});
    }
    if (failing.test(number)) {
      throw new IllegalStateException("the database is away");
    }
    Map<Long, Claimed> won = new HashMap<>();
    List<Claim> tried = losing.test(number) ? List.of() : wishes;
    for (Claim claim :
        tried.stream().sorted((a, b) -> Long.compare(a.jobId(), b.jobId())).toList()) {
      database
          .jdbc()
          .sql(
              """
              UPDATE fake.job SET waiting = false, live = true, attempt = attempt + 1, pilot = :pilot, request = :request, site = :site,
                ce = :ce, cores = :cores, memory = :memory
              WHERE job_id = :job AND waiting RETURNING attempt, class_number
              """)
          .param("pilot", claim.pilotStamp())
          .param("request", claim.requestId())
          .param("site", claim.site())
          .param("ce", claim.ce())
          .param("cores", claim.cores())
          .param("memory", claim.memoryMb())
          .param("job", claim.jobId())
          .query(
              row -> {
                won.put(
                    claim.jobId(),
                    new Claimed(
                        claim.jobId(),
                        row.getInt(1),
                        row.getInt(2),
                        claim.cores(),
                        claim.memoryMb()));
              });
    }
    return wishes.stream().map(wish -> Optional.ofNullable(won.get(wish.jobId()))).toList();
  }

  @Override
  public List<List<Claimed>> repeated(List<Request> requests) {
    List<List<Claimed>> answers = new ArrayList<>();
    for (Request request : requests) {
      answers.add(
          database
              .jdbc()
              .sql(
                  """
                  SELECT job_id, attempt, class_number, cores, memory FROM fake.job
                  WHERE live AND pilot = :pilot AND request = :request ORDER BY job_id
                  """)
              .param("pilot", request.pilotStamp())
              .param("request", request.requestId())
              .query(
                  (row, n) ->
                      new Claimed(
                          row.getLong(1),
                          row.getInt(2),
                          row.getInt(3),
                          row.getInt(4),
                          row.getLong(5)))
              .list());
    }
    return answers;
  }

  @Override
  public void held(Consumer<Held> each) {
    database
        .jdbc()
        .sql(
            "SELECT site, ce, class_number, count(*), sum(cores) FROM fake.job WHERE live GROUP BY 1, 2, 3")
        .query(
            row -> {
              each.accept(
                  new Held(
                      row.getString(1),
                      row.getString(2),
                      row.getInt(3),
                      row.getLong(4),
                      row.getLong(5)));
            });
  }
}
