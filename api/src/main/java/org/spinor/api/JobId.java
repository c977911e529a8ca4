package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The number of a job: positive, given once, never reused. Gaps are normal.
 *
 * @param value the number as users see it
 */
public record JobId(@JsonValue long value) implements Comparable<JobId> {

  @JsonCreator
  public JobId {
    if (value <= 0) {
      throw new IllegalArgumentException("a job id is a positive number, not " + value);
    }
  }

  @Override
  public int compareTo(JobId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
