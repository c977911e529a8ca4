package org.spinor.server.jobs;

import java.util.List;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.submission.Submission;

/** Submissions for tests of other packages. */
public final class TestSubmissions {
  private TestSubmissions() {}

  /** The numbers of the new jobs. */
  public static List<Long> submit(JobsFixture room, Caller caller, String jdl) {
    return room.get(Submission.class).submit(caller, List.of(jdl)).stream()
        .map(job -> job.jobId().value())
        .toList();
  }
}
