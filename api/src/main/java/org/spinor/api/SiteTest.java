package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A test of one queue of a site, as far as it has come.
 *
 * @param vo for which the queue is tested
 * @param state {@code running}, {@code passed}, or {@code failed} as soon as a step has failed and
 *     nothing more is to be found out
 * @param ended null while it runs
 * @param timeoutSeconds the test pilot has so long, from the start of the test
 * @param stamp of the test pilot; null: none was sent
 * @param steps all of them, in order
 */
public record SiteTest(
    long id,
    String site,
    String ce,
    String queue,
    String vo,
    String state,
    Instant started,
    @Nullable Instant ended,
    @JsonProperty("timeout_seconds") int timeoutSeconds,
    @Nullable String stamp,
    List<Step> steps) {

  /** The states of a test. */
  public static final String RUNNING = "running";

  public static final String PASSED = "passed";
  public static final String FAILED = "failed";

  public SiteTest {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param name stays the same over versions: {@code configuration, plugin, credentials, reach,
   *     queue, submit, start, bootstrap, node, end, output}
   * @param title for people
   * @param state {@code waiting} (its turn has not come), {@code running}, {@code ok}, {@code
   *     failed}, or {@code skipped}
   * @param began null before
   * @param seconds it took; null before its end
   * @param detail what was found; may have several lines
   * @param advice what to do next, where it failed; else empty
   */
  public record Step(
      String name,
      String title,
      String state,
      @Nullable Instant began,
      @Nullable Double seconds,
      String detail,
      String advice) {}
}
