package org.spinor.server.jobs.submission;

import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.spinor.server.database.CopyIn;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes new jobs: few of them with one statement, many by COPY. */
@Component
final class NewJobRows {
  private static final String COLUMNS =
      """
      job_id, template_id, parameter_number, class_number, user_priority, job_type, job_group, site, wanted_site, job_name,
      owner, owner_group, vo, status, minor_status, application_status""";

  // What a job went through before anybody looked: a submission is one transaction, its steps are
  // told all the same.
  private static final String LOG =
      """
      INSERT INTO jobs.logging (job_id, attempt, status_time, status, minor_status, application_status, source)
      SELECT j.job_id, 0, now(), s.status, s.minor_status, s.application_status, 'JobManager'
      FROM %s j CROSS JOIN LATERAL (VALUES
        (0, 'Submitting', 'Bulk transaction confirmation', 'Unknown'),
        (1, 'Received', 'Job accepted', 'Unknown'),
        (2, j.status, j.minor_status, j.application_status)) AS s(step, status, minor_status, application_status)
      WHERE %s AND (s.step > 0 OR j.parameter_number IS NOT NULL)
      ORDER BY j.job_id, s.step
      """;

  private final JdbcClient jdbc;
  private final DataSource dataSource;

  NewJobRows(JdbcClient jdbc, DataSource dataSource) {
    this.jdbc = jdbc;
    this.dataSource = dataSource;
  }

  /** A template about to be inserted. */
  record NewTemplate(long id, String original, String checked, int jobs) {}

  /** All with one statement: what costs most of a small submission is the way to the database. */
  void insertFew(List<NewTemplate> templates, List<NewJob> jobs) {
    jdbc.sql(
            """
            WITH stored AS (
              INSERT INTO jobs.template (template_id, original, checked, jobs_left)
              SELECT * FROM unnest(:templates::bigint[], :originals::text[], :checked::text[], :counts::int[])),
            made AS (
              INSERT INTO jobs.job (%s, end_exec_time)
              SELECT *, CASE n.status WHEN 'Failed' THEN now() END
              FROM unnest(:ids::bigint[], :templateIds::bigint[], :numbers::int[], :classes::int[], :priorities::int[],
                :types::text[], :groups::text[], :sites::text[], :sites::text[], :names::text[], :owners::text[],
                :ownerGroups::text[], :vos::text[], :statuses::text[], :minors::text[], :applications::text[])
                AS n(%s)
              RETURNING job_id, parameter_number, status, minor_status, application_status)
            """
                    .formatted(COLUMNS, COLUMNS)
                + LOG.formatted("made", "true"))
        .param("templates", SqlArrays.numbers(templates, NewTemplate::id))
        .param("originals", SqlArrays.texts(templates, NewTemplate::original))
        .param("checked", SqlArrays.texts(templates, NewTemplate::checked))
        .param("counts", SqlArrays.texts(templates, NewTemplate::jobs))
        .param("ids", SqlArrays.numbers(jobs, NewJob::id))
        .param("templateIds", SqlArrays.numbers(jobs, NewJob::templateId))
        .param("numbers", SqlArrays.texts(jobs, NewJobRows::number))
        .param("classes", SqlArrays.texts(jobs, NewJob::classNumber))
        .param("priorities", SqlArrays.texts(jobs, job -> job.draft().priority()))
        .param("types", SqlArrays.texts(jobs, job -> job.draft().jobType()))
        .param("groups", SqlArrays.texts(jobs, job -> job.draft().jobGroup()))
        .param("sites", SqlArrays.texts(jobs, job -> job.draft().site()))
        .param("names", SqlArrays.texts(jobs, job -> job.draft().jobName()))
        .param("owners", SqlArrays.texts(jobs, job -> job.submitter().owner()))
        .param("ownerGroups", SqlArrays.texts(jobs, job -> job.submitter().ownerGroup()))
        .param("vos", SqlArrays.texts(jobs, job -> job.submitter().vo()))
        .param("statuses", SqlArrays.texts(jobs, NewJob::status))
        .param("minors", SqlArrays.texts(jobs, NewJob::minorStatus))
        .param("applications", SqlArrays.texts(jobs, NewJob::applicationStatus))
        .update();
  }

  void insertTemplates(List<NewTemplate> templates) {
    CopyIn rows = new CopyIn();
    for (NewTemplate template : templates) {
      rows.value(template.id())
          .value(template.original())
          .value(template.checked())
          .value(template.jobs())
          .endRow();
    }
    rows.into(dataSource, "jobs.template (template_id, original, checked, jobs_left)");
  }

  /**
   * @param jobs with ascending numbers
   */
  void insertMany(List<NewJob> jobs) {
    CopyIn rows = new CopyIn();
    for (NewJob job : jobs) {
      JobDraft draft = job.draft();
      rows.value(job.id())
          .value(job.templateId())
          .value(number(job))
          .value(job.classNumber())
          .value(draft.priority())
          .value(draft.jobType())
          .value(draft.jobGroup())
          .value(draft.site())
          .value(draft.site())
          .value(draft.jobName())
          .value(job.submitter().owner())
          .value(job.submitter().ownerGroup())
          .value(job.submitter().vo())
          .value(job.status())
          .value(job.minorStatus())
          .value(job.applicationStatus())
          .endRow();
    }
    rows.into(dataSource, "jobs.job (" + COLUMNS + ")");
    long[] templates = jobs.stream().mapToLong(NewJob::templateId).distinct().toArray();
    String these = "j.job_id BETWEEN :first AND :last AND j.template_id = ANY(:templates)";
    jdbc.sql(LOG.formatted("jobs.job", these))
        .param("first", jobs.getFirst().id())
        .param("last", jobs.getLast().id())
        .param("templates", templates)
        .update();
    if (jobs.stream().anyMatch(job -> !job.waits())) {
      jdbc.sql("UPDATE jobs.job j SET end_exec_time = now() WHERE status = 'Failed' AND " + these)
          .param("first", jobs.getFirst().id())
          .param("last", jobs.getLast().id())
          .param("templates", templates)
          .update();
    }
  }

  private static @Nullable Integer number(NewJob job) {
    return job.index() < 0 ? null : job.index();
  }
}
