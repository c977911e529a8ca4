package org.spinor.server.jobs.status;

import java.time.Instant;
import java.util.Comparator;
import org.spinor.api.JobStatusUpdate;

/** What somebody says that a job was at a time. */
record Report(Instant time, JobStatusUpdate update) {
  static final Comparator<Report> IN_TIME = Comparator.comparing(Report::time);

  String source() {
    String source = update.source();
    return source == null ? "Unknown" : source;
  }

  /** Reports of the job's own side count as a heartbeat. */
  boolean isHeartBeat() {
    return source().startsWith("Job") || source().equals("Heartbeat");
  }
}
