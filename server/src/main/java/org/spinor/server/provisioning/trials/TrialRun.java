package org.spinor.server.provisioning.trials;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SiteTest;
import org.spinor.server.pilots.Pilots;

/** A test of a queue as it goes: what was asked, and what the steps have found. Not thread-safe. */
final class TrialRun {
  private static final String WAITING = "waiting";
  private static final String RUNNING = "running";
  private static final String OK = "ok";
  private static final String FAILED = "failed";
  private static final String SKIPPED = "skipped";

  /** A text of the batch system may be long; people read its end. */
  private static final int LONGEST = 4000;

  private final Asked asked;
  private final EnumMap<TrialStep, SiteTest.Step> steps = new EnumMap<>(TrialStep.class);
  private Optional<String> stamp;
  private Optional<String> reference;
  private boolean over;

  /**
   * What was asked for.
   *
   * @param looks so many looks at the test were finished
   */
  record Asked(
      long id,
      Pilots.Queue queue,
      String vo,
      Instant started,
      Duration timeout,
      boolean withPilot,
      int looks) {}

  TrialRun(
      Asked asked,
      List<SiteTest.Step> steps,
      Optional<String> stamp,
      Optional<String> reference,
      boolean over) {
    this.asked = asked;
    for (TrialStep step : TrialStep.values()) {
      this.steps.put(step, named(steps, step));
    }
    this.stamp = stamp;
    this.reference = reference;
    this.over = over;
  }

  /** The steps of a test that has not begun. */
  static List<SiteTest.Step> fresh() {
    return Arrays.stream(TrialStep.values()).map(TrialRun::fresh).toList();
  }

  private static SiteTest.Step fresh(TrialStep step) {
    return new SiteTest.Step(step.wire(), step.title(), WAITING, null, null, "", "");
  }

  private static SiteTest.Step named(List<SiteTest.Step> steps, TrialStep step) {
    return steps.stream()
        .filter(each -> each.name().equals(step.wire()))
        .findFirst()
        .orElseGet(() -> fresh(step));
  }

  Asked asked() {
    return asked;
  }

  List<SiteTest.Step> steps() {
    return List.copyOf(steps.values());
  }

  Optional<String> stamp() {
    return stamp;
  }

  void stamp(String given) {
    stamp = Optional.of(given);
  }

  Optional<String> reference() {
    return reference;
  }

  void reference(String given) {
    reference = Optional.of(given);
  }

  boolean over() {
    return over;
  }

  boolean isWaiting(TrialStep step) {
    return at(step).state().equals(WAITING);
  }

  boolean isRunning(TrialStep step) {
    return at(step).state().equals(RUNNING);
  }

  boolean isOk(TrialStep step) {
    return at(step).state().equals(OK);
  }

  boolean hasFailed() {
    return steps.values().stream().anyMatch(step -> step.state().equals(FAILED));
  }

  /** Whether a step behind this one has failed. */
  boolean hasFailedAfter(TrialStep step) {
    return steps.entrySet().stream()
        .anyMatch(
            entry -> entry.getKey().compareTo(step) > 0 && entry.getValue().state().equals(FAILED));
  }

  String detail(TrialStep step) {
    return at(step).detail();
  }

  /** When the step began; the start of the test where it has not. */
  Instant began(TrialStep step) {
    Instant began = at(step).began();
    return began == null ? asked.started() : began;
  }

  void begin(TrialStep step, Instant now) {
    if (isWaiting(step)) {
      set(step, RUNNING, now, null, "", "");
    }
  }

  /** Says how a step that is not over stands. */
  void note(TrialStep step, String detail) {
    SiteTest.Step last = at(step);
    set(step, last.state(), last.began(), null, detail, "");
  }

  void ok(TrialStep step, Instant now, String detail) {
    end(step, OK, now, detail, "");
  }

  void fail(TrialStep step, Instant now, String detail, String advice) {
    end(step, FAILED, now, detail, advice);
  }

  void skip(TrialStep step, String why) {
    set(step, SKIPPED, null, null, why, "");
  }

  /** Nothing more is to be found out. */
  void close(String why) {
    for (TrialStep step : TrialStep.values()) {
      if (isWaiting(step) || isRunning(step)) {
        skip(step, why);
      }
    }
    over = true;
  }

  private void end(TrialStep step, String state, Instant now, String detail, String advice) {
    Instant began = at(step).began();
    Instant from = began == null ? now : began;
    double seconds = Duration.between(from, now).toMillis() / 1000.0;
    set(step, state, from, Math.max(0, seconds), detail, advice);
  }

  private SiteTest.Step at(TrialStep step) {
    SiteTest.Step found = steps.get(step);
    return found == null ? fresh(step) : found;
  }

  private void set(
      TrialStep step,
      String state,
      @Nullable Instant began,
      @Nullable Double seconds,
      String detail,
      String advice) {
    String clean = detail.replace("\0", "");
    String shown =
        clean.length() <= LONGEST ? clean : "..." + clean.substring(clean.length() - LONGEST);
    steps.put(
        step, new SiteTest.Step(step.wire(), step.title(), state, began, seconds, shown, advice));
  }
}
