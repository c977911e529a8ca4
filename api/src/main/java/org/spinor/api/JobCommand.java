package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A command for a running job, handed over once.
 *
 * @param command {@code Kill} or {@code Peek}
 */
public record JobCommand(@JsonProperty("job_id") JobId jobId, String command, String arguments) {
  public static final String KILL = "Kill";
  public static final String PEEK = "Peek";
}
