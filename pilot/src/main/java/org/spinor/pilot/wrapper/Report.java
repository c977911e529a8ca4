package org.spinor.pilot.wrapper;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobStatusUpdate;

/** Something that the server is to hear of an attempt, in its place in the order. */
sealed interface Report {

  /** A status at a time. */
  record Status(Instant time, JobStatusUpdate update) implements Report {}

  /** Parameters of the job. */
  record Parameters(Map<String, Object> values) implements Report {
    public Parameters {
      values = new LinkedHashMap<>(values);
    }
  }

  /** A measurement that must not be lost: the last one, with the end of the output. */
  record Measurement(HeartbeatData data) implements Report {}

  /** The attempt is given back as the infrastructure's failure; nothing may follow. */
  record Requeue(String reason) implements Report {}
}
