package org.spinor.pilot.wrapper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.payload.Usage;
import org.spinor.pilot.wrapper.JobDescription.StopSignal;

class WatchdogTest {
  private static final Watchdog.Limits NONE =
      new Watchdog.Limits(Duration.ZERO, 0, 0, 0, 0, Duration.ofMinutes(30), 0, Duration.ZERO);

  @Test
  void withoutLimitsNothingIsPassed() {
    assertThat(new Watchdog(NONE).judge(look(1_000_000, 1e9, 1L << 50, 1L << 50))).isEmpty();
  }

  @Test
  void eachLimitHasItsMinorStatus() {
    Watchdog watchdog =
        new Watchdog(
            new Watchdog.Limits(
                Duration.ofHours(1),
                5000,
                1000,
                2000,
                10,
                Duration.ofMinutes(30),
                0,
                Duration.ofSeconds(100)));
    assertThat(watchdog.judge(look(3600, 5000, 1000, 2000))).isEmpty();
    assertThat(minor(watchdog, look(3601, 1, 1, 1))).hasValue(MinorStatus.WALL_LIMIT);
    assertThat(minor(watchdog, look(1, 5001, 1, 1))).hasValue(MinorStatus.CPU_LIMIT);
    assertThat(minor(watchdog, look(1, 1, 1001, 1))).hasValue(MinorStatus.MEMORY_LIMIT);
    assertThat(minor(watchdog, look(1, 1, 1, 2001))).hasValue(MinorStatus.DISK_SPACE);
    assertThat(minor(watchdog, look(1, 1, 1, 1, 9, Optional.empty())))
        .hasValue(MinorStatus.DISK_SPACE);
    assertThat(minor(watchdog, look(1, 1, 1, 1, 10, Optional.of(Duration.ofSeconds(99)))))
        .hasValue(MinorStatus.CPU_LIMIT);
    assertThat(watchdog.judge(look(1, 1, 1, 1, 10, Optional.of(Duration.ofSeconds(100)))))
        .isEmpty();
  }

  /** A tenth of what it had left is nothing. */
  @Test
  void aPayloadThatBeginsWhenItsSlotIsOverIsEnded() {
    assertThat(minor(new Watchdog(NONE), look(1, 1, 1, 1, 10, Optional.of(Duration.ZERO))))
        .hasValue(MinorStatus.CPU_LIMIT);
    assertThat(new Watchdog(NONE).judge(look(1, 1, 1, 1, 10, Optional.of(Duration.ofMillis(1)))))
        .isEmpty();
  }

  @Test
  void theStopSignalWaitsForItsTime() {
    StopSignal signal = new StopSignal(Pattern.compile("run"), 10, 60, 300);
    assertThat(signal.due(Duration.ofSeconds(60), Optional.of(Duration.ofSeconds(299)))).isTrue();
    assertThat(signal.due(Duration.ofSeconds(59), Optional.of(Duration.ofSeconds(299)))).isFalse();
    assertThat(signal.due(Duration.ofSeconds(60), Optional.of(Duration.ofSeconds(300)))).isFalse();
    assertThat(signal.due(Duration.ofSeconds(60), Optional.empty())).isFalse();
  }

  @Test
  void whatIsLeftEndsWithTheJobsTimeOrTheSlot() {
    Duration hour = Duration.ofHours(1);
    Duration minute = Duration.ofMinutes(1);
    assertThat(PayloadMonitor.left(Duration.ZERO, minute, Optional.empty())).isEmpty();
    assertThat(PayloadMonitor.left(Duration.ZERO, minute, Optional.of(hour))).hasValue(hour);
    assertThat(PayloadMonitor.left(hour, minute, Optional.empty()))
        .hasValue(Duration.ofMinutes(59));
    assertThat(PayloadMonitor.left(hour, minute, Optional.of(hour)))
        .hasValue(Duration.ofMinutes(59));
    assertThat(PayloadMonitor.left(hour, minute, Optional.of(minute))).hasValue(minute);
  }

  @Test
  void sharedPagesAreNotCountedTwice() {
    Watchdog watchdog =
        new Watchdog(
            new Watchdog.Limits(
                Duration.ZERO, 0, 1000, 0, 0, Duration.ofMinutes(30), 0, Duration.ZERO));
    Watchdog.Look shared =
        new Watchdog.Look(
            Duration.ofSeconds(1), new Usage(4, 1, 4000, 1), () -> 999, 0, 0, Optional.empty());
    assertThat(watchdog.judge(shared)).isEmpty();
  }

  @Test
  void noProgressIsJudgedOverAWholeWindow() {
    Watchdog watchdog =
        new Watchdog(
            new Watchdog.Limits(
                Duration.ZERO, 0, 0, 0, 0, Duration.ofMinutes(30), 0.05, Duration.ZERO));
    for (int second = 0; second < 1800; second += 10) {
      assertThat(watchdog.judge(look(second, 0, 1, 1))).as("at %d", second).isEmpty();
    }
    StopReason.OverLimit over = watchdog.judge(look(1800, 80, 1, 1)).orElseThrow();
    assertThat(over.minorStatus()).isEqualTo(MinorStatus.WATCHDOG_STALLED);
    assertThat(over.detail()).contains("4.4 %", "1800 s", "5.0 %");
  }

  @Test
  void aJobThatWorksAndThenHangsIsFoundAWindowLater() {
    Watchdog watchdog =
        new Watchdog(
            new Watchdog.Limits(
                Duration.ZERO, 0, 0, 0, 0, Duration.ofMinutes(30), 0.05, Duration.ZERO));
    int found = 0;
    for (int second = 0; second < 20_000 && found == 0; second += 10) {
      double cpu = Math.min(second, 10_000);
      found = watchdog.judge(look(second, cpu, 1, 1)).isPresent() ? second : 0;
    }
    // 5 % of the window of 1800 s are 90 s
    assertThat(found).isBetween(11_700, 11_730);
  }

  private static Optional<String> minor(Watchdog watchdog, Watchdog.Look look) {
    return watchdog.judge(look).map(StopReason.OverLimit::minorStatus);
  }

  private static Watchdog.Look look(long wall, double cpu, long memory, long disk) {
    return look(wall, cpu, memory, disk, 10, Optional.empty());
  }

  private static Watchdog.Look look(
      long wall, double cpu, long memory, long disk, long free, Optional<Duration> slot) {
    return new Watchdog.Look(
        Duration.ofSeconds(wall), new Usage(1, cpu, memory, 1), () -> memory, disk, free, slot);
  }
}
