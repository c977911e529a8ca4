package org.spinor.server.jobs.submission;

import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;

/**
 * A job about to be inserted.
 *
 * @param index in its submission; -1: not parametric
 */
record NewJob(
    long id, long templateId, int index, int classNumber, Submitter submitter, JobDraft draft) {
  static final String NO_CATALOGUE =
      "this installation has no file catalogue: jobs with InputData cannot run";

  boolean waits() {
    return !draft.inputData();
  }

  JobStatus status() {
    return waits() ? JobStatus.Waiting : JobStatus.Failed;
  }

  String minorStatus() {
    return waits() ? MinorStatus.PILOT_AGENT_SUBMISSION : MinorStatus.NO_INPUT_DATA;
  }

  String applicationStatus() {
    return waits() ? "Unknown" : NO_CATALOGUE;
  }
}
