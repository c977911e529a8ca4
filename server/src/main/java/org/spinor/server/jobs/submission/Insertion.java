package org.spinor.server.jobs.submission;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.database.CopyIn;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.jobs.rows.LineEvents;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Puts prepared jobs into the tables; to be called in a transaction. */
@Component
final class Insertion {
  private static final int ROWS_AT_ONCE = 20_000;
  private static final String JOB =
      """
      jobs.job (job_id, template_id, parameter_number, submission_time, last_update_time, status_time, end_exec_time,
        class_number, user_priority, job_type, job_group, site, wanted_site, job_name, owner, owner_group, vo,
        status, minor_status, application_status)""";
  private static final String LOG =
      "jobs.logging (job_id, attempt, status_time, status, minor_status, application_status, source)";
  private static final String SOURCE = "JobManager";
  private static final String NO_CATALOGUE =
      "this installation has no file catalogue: jobs with InputData cannot run";

  private final JdbcClient jdbc;
  private final DataSource dataSource;
  private final LineEvents line;
  private final ApplicationEventPublisher events;

  Insertion(
      JdbcClient jdbc, DataSource dataSource, LineEvents line, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.dataSource = dataSource;
    this.line = line;
    this.events = events;
  }

  /** Numbers for new jobs, and the database's time. */
  private record Numbers(List<Long> ids, Instant now) {}

  /** Rows on their way. */
  private final class Rows {
    private final Instant now;
    private CopyIn jobs = new CopyIn();
    private CopyIn log = new CopyIn();

    Rows(Instant now) {
      this.now = now;
    }

    void log(long jobId, JobStatus status, String minorStatus, String application) {
      log.value(jobId)
          .value(0)
          .value(now)
          .value(status)
          .value(minorStatus)
          .value(application)
          .value(SOURCE)
          .endRow();
    }

    void flush(int least) {
      if (jobs.count() >= least) {
        jobs.into(dataSource, JOB);
        log.into(dataSource, LOG);
        jobs = new CopyIn();
        log = new CopyIn();
      }
    }
  }

  /**
   * Inserts all jobs of all submissions.
   *
   * @param classes numbers of the classes of all of them
   * @return per submission its jobs, in order
   */
  List<List<InsertedJob>> insert(
      List<PreparedJobs> submissions, Map<Requirements, Integer> classes) {
    Numbers numbers = numbers(submissions.stream().mapToInt(PreparedJobs::count).sum());
    List<List<InsertedJob>> answers = new ArrayList<>();
    List<Long> templates = new ArrayList<>();
    Map<Submitter, Map<Long, List<String>>> sandboxes = new LinkedHashMap<>();
    LineEvents.Change joined = new LineEvents.Change();
    Rows rows = new Rows(numbers.now());
    int next = 0;
    for (PreparedJobs jobs : submissions) {
      // The number of its first job is as good a number for a template as any.
      long template = numbers.ids().get(next);
      templates.add(template);
      Map<Long, List<String>> inputs =
          sandboxes.computeIfAbsent(jobs.submitter(), submitter -> new LinkedHashMap<>());
      List<InsertedJob> inserted = new ArrayList<>(jobs.count());
      for (int index = 0; index < jobs.count(); index++) {
        long id = numbers.ids().get(next++);
        JobDraft draft = jobs.draft(index, id);
        int classNumber = Objects.requireNonNull(classes.get(draft.requirements()), "no class");
        row(rows, jobs, index, id, template, classNumber);
        rows.flush(ROWS_AT_ONCE);
        if (!draft.inputData()) {
          joined.joined(classNumber, draft.priority());
        }
        if (!draft.inputSandboxes().isEmpty()) {
          inputs.put(id, draft.inputSandboxes());
        }
        inserted.add(answer(id, jobs.isParametric(), numbers.now()));
      }
      answers.add(inserted);
    }
    insertTemplates(submissions, templates);
    rows.flush(1);
    publish(sandboxes);
    line.publish(joined);
    return answers;
  }

  private Numbers numbers(int count) {
    List<Long> ids = new ArrayList<>(count);
    Instant[] now = {Instant.EPOCH};
    jdbc.sql("SELECT nextval('jobs.job_id') AS id, now() AS now FROM generate_series(1, :count)")
        .param("count", count)
        .query(
            row -> {
              if (ids.isEmpty()) {
                now[0] = row.getObject("now", OffsetDateTime.class).toInstant();
              }
              ids.add(row.getLong("id"));
            });
    return new Numbers(ids, now[0]);
  }

  private static void row(
      Rows rows, PreparedJobs jobs, int index, long id, long template, int classNumber) {
    JobDraft draft = jobs.draft(index, id);
    boolean waits = !draft.inputData();
    JobStatus status = waits ? JobStatus.Waiting : JobStatus.Failed;
    String minor = waits ? MinorStatus.PILOT_AGENT_SUBMISSION : MinorStatus.NO_INPUT_DATA;
    String application = waits ? "Unknown" : NO_CATALOGUE;
    rows.jobs
        .value(id)
        .value(template)
        .value(jobs.isParametric() ? index : null)
        .value(rows.now)
        .value(rows.now)
        .value(rows.now)
        .value(waits ? null : rows.now)
        .value(classNumber)
        .value(draft.priority())
        .value(draft.jobType())
        .value(draft.jobGroup())
        .value(draft.site())
        .value(draft.site())
        .value(draft.jobName())
        .value(jobs.submitter().owner())
        .value(jobs.submitter().ownerGroup())
        .value(jobs.submitter().vo())
        .value(status)
        .value(minor)
        .value(application)
        .endRow();
    if (jobs.isParametric()) {
      rows.log(id, JobStatus.Submitting, MinorStatus.BULK_CONFIRMATION, "Unknown");
    }
    rows.log(id, JobStatus.Received, MinorStatus.JOB_ACCEPTED, "Unknown");
    rows.log(id, status, minor, application);
  }

  /** Parametric jobs answer as DiracX has it; they go on by themselves all the same. */
  private static InsertedJob answer(long id, boolean parametric, Instant now) {
    return parametric
        ? new InsertedJob(new JobId(id), JobStatus.Submitting, MinorStatus.BULK_CONFIRMATION, now)
        : new InsertedJob(new JobId(id), JobStatus.Received, MinorStatus.JOB_ACCEPTED, now);
  }

  private void insertTemplates(List<PreparedJobs> submissions, List<Long> ids) {
    jdbc.sql(
            """
            INSERT INTO jobs.template (template_id, original, checked, jobs_left)
            SELECT * FROM unnest(:ids::bigint[], :originals::text[], :checked::text[], :counts::int[])
            """)
        .param("ids", SqlArrays.ids(ids))
        .param("originals", SqlArrays.texts(submissions, PreparedJobs::original))
        .param("checked", SqlArrays.texts(submissions, PreparedJobs::checked))
        .param("counts", SqlArrays.texts(submissions, PreparedJobs::count))
        .update();
  }

  private void publish(Map<Submitter, Map<Long, List<String>>> sandboxes) {
    sandboxes.forEach(
        (submitter, inputs) ->
            events.publishEvent(
                new JobEvents.Submitted(
                    submitter.vo(), submitter.owner(), submitter.ownerGroup(), inputs)));
  }
}
