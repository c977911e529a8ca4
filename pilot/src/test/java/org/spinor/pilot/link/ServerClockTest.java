package org.spinor.pilot.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerClockTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.500Z");

  @Test
  void aClockThatMayBeRightIsLeftAlone() {
    ServerClock clock = new ServerClock(() -> NOW);
    assertThat(clock.difference()).isZero();
    clock.learn(NOW, date(NOW), NOW.plusMillis(20));
    assertThat(clock.difference()).isZero();
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void aWrongClockIsCorrectedBetterWithEveryAnswer() {
    Random random = new Random(5);
    for (Duration wrong :
        new Duration[] {Duration.ofSeconds(-100), Duration.ofMillis(2300), Duration.ofHours(3)}) {
      ServerClock clock = new ServerClock(() -> NOW);
      Instant server = NOW.plus(wrong);
      for (int i = 0; i < 50; i++) {
        Duration passed = Duration.ofMillis(random.nextInt(100_000));
        Instant asked = NOW.plus(passed);
        clock.learn(asked, date(server.plus(passed).plusMillis(15)), asked.plusMillis(30));
      }
      assertThat(clock.difference().minus(wrong).abs()).isLessThan(Duration.ofMillis(100));
    }
  }

  @Test
  void aClockThatIsSetIsNoticed() {
    ServerClock clock = new ServerClock(() -> NOW);
    clock.learn(NOW, date(NOW.plusSeconds(50)), NOW);
    clock.learn(NOW, date(NOW), NOW);
    assertThat(clock.difference().abs()).isLessThan(Duration.ofSeconds(2));
    clock.learn(NOW, "not a date", NOW);
    assertThat(clock.difference().abs()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void pausesGrowAndStayWithinTheirBounds() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
    for (int i = 0; i < 100; i++) {
      long most = Math.min(60_000, 1000L << Math.min(i, 10));
      assertThat(backoff.next().toMillis()).isBetween(most / 2, most);
    }
    backoff.reset();
    assertThat(backoff.next().toMillis()).isBetween(500L, 1000L);
    assertThat(Backoff.jittered(Duration.ofSeconds(10)).toMillis()).isBetween(8000L, 12_000L);
  }

  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atZone(ZoneOffset.UTC));
  }
}
