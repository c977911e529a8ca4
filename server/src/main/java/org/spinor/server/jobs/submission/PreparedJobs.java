package org.spinor.server.jobs.submission;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.spinor.jdl.Parametric;
import org.spinor.server.jobs.Requirements;

/**
 * One description, checked and ready to be inserted. Immutable: may be inserted many times.
 *
 * @param original as submitted
 * @param checked as it is kept
 * @param template what {@code checked} says
 * @param drafts one for all jobs where they do not differ, else one each
 * @param nameNeedsId whether names contain the job's number
 */
record PreparedJobs(
    Submitter submitter,
    String original,
    String checked,
    Parametric template,
    List<JobDraft> drafts,
    boolean nameNeedsId) {

  int count() {
    return template.count();
  }

  boolean isParametric() {
    return template.isParametric();
  }

  /** A job of these, before it has a number. */
  JobDraft draft(int index) {
    return drafts.size() == 1 ? drafts.getFirst() : drafts.get(index);
  }

  /** A job of these with its number. */
  JobDraft draft(int index, long jobId) {
    JobDraft draft = draft(index);
    return nameNeedsId
        ? draft.named(template.expand(index, jobId).string("JobName").orElse(draft.jobName()))
        : draft;
  }

  Set<Requirements> requirements() {
    return drafts.stream().map(JobDraft::requirements).collect(Collectors.toSet());
  }

  Set<String> inputSandboxes() {
    return drafts.stream()
        .flatMap(draft -> draft.inputSandboxes().stream())
        .collect(Collectors.toSet());
  }
}
