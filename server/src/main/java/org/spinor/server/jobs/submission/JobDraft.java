package org.spinor.server.jobs.submission;

import java.util.List;
import org.spinor.server.jobs.Requirements;

/**
 * What a job's row and its class are made of.
 *
 * @param site what the site column shows: {@code ANY}, the one site, {@code Multiple}
 * @param inputSandboxes sandboxes of the store
 * @param inputData whether it needs files of a catalogue
 */
record JobDraft(
    String jobType,
    String jobGroup,
    String jobName,
    String site,
    int priority,
    Requirements requirements,
    List<String> inputSandboxes,
    boolean inputData) {
  JobDraft {
    inputSandboxes = List.copyOf(inputSandboxes);
  }

  JobDraft asking(Requirements same) {
    return new JobDraft(
        jobType, jobGroup, jobName, site, priority, same, inputSandboxes, inputData);
  }

  JobDraft named(String name) {
    return new JobDraft(
        jobType, jobGroup, name, site, priority, requirements, inputSandboxes, inputData);
  }
}
