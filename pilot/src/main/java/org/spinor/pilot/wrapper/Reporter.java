package org.spinor.pilot.wrapper;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.pilot.log.Log;

/** Says what happens to an attempt, into its journal and into the pilot's log. */
final class Reporter {
  private static final String SOURCE = "JobWrapper";

  /** Length of the columns on the server's side. */
  private static final int MAX_APPLICATION_STATUS = 255;

  private static final int MAX_MINOR_STATUS = 128;

  private final Journal journal;
  private final ReportTimes times;
  private final Log log;

  Reporter(Journal journal, ReportTimes times, Log log) {
    this.journal = journal;
    this.times = times;
    this.log = log;
  }

  void status(JobStatus status, String minor) {
    status(status, minor, null, SOURCE);
  }

  /** Every report carries the status too: one alone may come late or out of turn. */
  void status(JobStatus status, String minor, @Nullable String application) {
    status(status, minor, application, SOURCE);
  }

  void status(JobStatus status, String minor, @Nullable String application, String source) {
    log.info(status + " / " + minor + (application == null ? "" : " / " + application));
    journal.add(
        new Report.Status(
            times.next(),
            new JobStatusUpdate(
                status,
                shortened(minor, MAX_MINOR_STATUS),
                application == null ? null : shortened(application, MAX_APPLICATION_STATUS),
                source)));
  }

  void parameters(Map<String, Object> parameters) {
    if (!parameters.isEmpty()) {
      journal.add(new Report.Parameters(parameters));
    }
  }

  void lastMeasurement(HeartbeatData data) {
    journal.add(new Report.Measurement(data));
  }

  void requeue(String reason) {
    log.warn("given back: " + reason);
    journal.add(new Report.Requeue(reason));
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }
}
