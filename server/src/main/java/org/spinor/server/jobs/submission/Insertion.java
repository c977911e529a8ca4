package org.spinor.server.jobs.submission;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.jobs.rows.LineEvents;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Puts prepared jobs into the tables; to be called in a transaction. */
@Component
final class Insertion {
  private static final int FEW = 1_000;
  private static final int ROWS_AT_ONCE = 20_000;

  private final NewJobRows rows;
  private final LineEvents line;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  Insertion(NewJobRows rows, LineEvents line, ApplicationEventPublisher events, Clock clock) {
    this.rows = rows;
    this.line = line;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Inserts all jobs of all submissions.
   *
   * @param classes numbers of the classes of all of them
   * @param ids one for each job, ascending
   * @return per submission its jobs, in order
   */
  List<List<InsertedJob>> insert(
      List<PreparedJobs> submissions, Map<Requirements, Integer> classes, List<Long> ids) {
    List<NewJobRows.NewTemplate> templates = new ArrayList<>();
    Map<Submitter, Map<Long, List<String>>> sandboxes = new LinkedHashMap<>();
    LineEvents.Change joined = new LineEvents.Change();
    boolean few = ids.size() <= FEW;
    List<NewJob> jobs = new ArrayList<>();
    int next = 0;
    for (PreparedJobs submission : submissions) {
      // The number of its first job is as good a number for a template as any.
      long template = ids.get(next);
      templates.add(
          new NewJobRows.NewTemplate(
              template, submission.original(), submission.checked(), submission.count()));
      Map<Long, List<String>> inputs =
          sandboxes.computeIfAbsent(submission.submitter(), who -> new LinkedHashMap<>());
      for (int index = 0; index < submission.count(); index++) {
        NewJob job = job(submission, index, ids.get(next++), template, classes);
        jobs.add(job);
        if (job.waits()) {
          joined.joined(job.classNumber(), job.draft().priority());
        }
        if (!job.draft().inputSandboxes().isEmpty()) {
          inputs.put(job.id(), job.draft().inputSandboxes());
        }
        if (!few && jobs.size() == ROWS_AT_ONCE) {
          rows.insertMany(jobs);
          jobs.clear();
        }
      }
    }
    if (few) {
      rows.insertFew(templates, jobs);
    } else {
      rows.insertTemplates(templates);
      if (!jobs.isEmpty()) {
        rows.insertMany(jobs);
      }
    }
    publish(sandboxes);
    line.publish(joined);
    return answers(submissions, ids);
  }

  private static NewJob job(
      PreparedJobs jobs, int index, long id, long template, Map<Requirements, Integer> classes) {
    JobDraft draft = jobs.draft(index, id);
    int classNumber = Objects.requireNonNull(classes.get(draft.requirements()), "no class");
    return new NewJob(
        id, template, jobs.isParametric() ? index : -1, classNumber, jobs.submitter(), draft);
  }

  /** Parametric jobs answer as DiracX has it; they go on by themselves all the same. */
  private List<List<InsertedJob>> answers(List<PreparedJobs> submissions, List<Long> ids) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<List<InsertedJob>> answers = new ArrayList<>();
    int next = 0;
    for (PreparedJobs submission : submissions) {
      JobStatus status = submission.isParametric() ? JobStatus.Submitting : JobStatus.Received;
      String minor =
          submission.isParametric() ? MinorStatus.BULK_CONFIRMATION : MinorStatus.JOB_ACCEPTED;
      List<InsertedJob> inserted = new ArrayList<>(submission.count());
      for (int index = 0; index < submission.count(); index++) {
        inserted.add(new InsertedJob(new JobId(ids.get(next++)), status, minor, now));
      }
      answers.add(inserted);
    }
    return answers;
  }

  private void publish(Map<Submitter, Map<Long, List<String>>> sandboxes) {
    sandboxes.forEach(
        (submitter, inputs) ->
            events.publishEvent(
                new JobEvents.Submitted(
                    submitter.vo(), submitter.owner(), submitter.ownerGroup(), inputs)));
  }
}
