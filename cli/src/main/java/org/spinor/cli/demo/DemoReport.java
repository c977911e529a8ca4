package org.spinor.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the demo went; the last line of {@code spinor demo --json}. Names stay as they are: scripts
 * read them.
 *
 * @param ok whether everything ended as it should
 * @param jobs how many were submitted
 * @param done how many are Done
 * @param failed how many failed that were meant to
 * @param explained how many jobs that did not run well were explained
 * @param secondsToFirstOutput from the start of the demo to the first output in hand; null: none
 * @param secondsTotal from the start of the demo to the merged results
 * @param jobsPerSecond showers ended a second, from the first submission to the last end
 * @param xmax mean depth of the shower maximum, g/cm2; null: no results
 * @param server where the server is
 * @param problems what was not as it should be, in words
 */
record DemoReport(
    boolean ok,
    long jobs,
    long done,
    long failed,
    int explained,
    @JsonProperty("seconds_to_first_output") @Nullable Double secondsToFirstOutput,
    @JsonProperty("seconds_total") double secondsTotal,
    @JsonProperty("jobs_per_second") double jobsPerSecond,
    @Nullable Double xmax,
    String server,
    List<String> problems) {
  DemoReport {
    problems = List.copyOf(problems);
  }

  /** Seconds as people read them. */
  static double rounded(double seconds) {
    return Math.round(seconds * 100) / 100.0;
  }
}
