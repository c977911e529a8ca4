package org.spinor.server.jobs.rows;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.server.web.WireJson;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** The free parameters of jobs: names and values. */
@Component
public final class Parameters {
  private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

  private final JdbcClient jdbc;

  Parameters(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds parameters to those of each job; a name that is there gets the new value. */
  public void add(SortedMap<Long, Map<String, Object>> byJob) {
    SortedMap<Long, Map<String, Object>> some = new TreeMap<>(byJob);
    some.values().removeIf(Map::isEmpty);
    if (some.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO jobs.parameters (job_id, attributes)
            SELECT * FROM unnest(:ids::bigint[], :attributes::jsonb[])
            ON CONFLICT (job_id) DO UPDATE SET attributes = parameters.attributes || excluded.attributes
            """)
        .param("ids", SqlArrays.ids(some.keySet()))
        .param("attributes", SqlArrays.texts(some.values(), WireJson.mapper()::writeValueAsString))
        .update();
  }

  /** All parameters of a job, by name. */
  public Map<String, Object> of(long jobId) {
    return jdbc.sql("SELECT attributes::text FROM jobs.parameters WHERE job_id = :id")
        .param("id", jobId)
        .query(String.class)
        .optional()
        .map(json -> (Map<String, Object>) WireJson.mapper().readValue(json, MAP))
        .orElseGet(Map::of);
  }

  /** The next cycle of these jobs begins without parameters; the old ones are kept apart. */
  public void toAttic(Collection<LockedJob> jobs) {
    jdbc.sql(
            """
            WITH moved AS (DELETE FROM jobs.parameters WHERE job_id = ANY(:ids) RETURNING job_id, attributes)
            INSERT INTO jobs.parameters_attic (job_id, cycle, attributes)
            SELECT m.job_id, c.cycle, m.attributes
            FROM moved m JOIN unnest(:ids::bigint[], :cycles::int[]) AS c(job_id, cycle) USING (job_id)
            ON CONFLICT (job_id, cycle) DO UPDATE SET attributes = parameters_attic.attributes || excluded.attributes
            """)
        .param("ids", SqlArrays.numbers(jobs, LockedJob::jobId))
        .param("cycles", SqlArrays.texts(jobs, LockedJob::rescheduleCounter))
        .update();
  }
}
