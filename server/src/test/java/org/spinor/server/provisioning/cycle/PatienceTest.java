package org.spinor.server.provisioning.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spinor.server.pilots.Pilots;

class PatienceTest {
  private static final Patience HALF_HOUR = new Patience(Duration.ofMinutes(30));

  @Test
  void pilotsThatStartAtOnceMayWaitInFullNumber() {
    assertThat(HALF_HOUR.idle(20, waits(50, Duration.ofSeconds(100)))).isEqualTo(20);
    assertThat(HALF_HOUR.idle(20, Optional.empty())).as("nothing is known").isEqualTo(20);
  }

  @Test
  void theLongerTheyWaitTheFewerMay() {
    assertThat(HALF_HOUR.idle(20, waits(1, Duration.ofMinutes(30)))).isEqualTo(10);
    assertThat(HALF_HOUR.idle(20, waits(2, Duration.ofMinutes(120)))).isEqualTo(7);
    assertThat(HALF_HOUR.idle(20, waits(1, Duration.ofDays(2)))).as("a quarter").isEqualTo(5);
    assertThat(HALF_HOUR.idle(1, waits(1, Duration.ofDays(2)))).isEqualTo(1);
    assertThat(HALF_HOUR.idle(0, waits(1, Duration.ofDays(2)))).isZero();
  }

  @Test
  void pilotsThatNeverStartedCountAsFarAsTheyHaveWaited() {
    assertThat(Patience.expected(waits(0, Duration.ofMinutes(50))))
        .contains(Duration.ofMinutes(50));
    assertThat(HALF_HOUR.idle(8, waits(0, Duration.ofMinutes(90)))).isEqualTo(2);
  }

  @Test
  void withoutPatienceAllMayWait() {
    assertThat(new Patience(Duration.ZERO).idle(20, waits(1, Duration.ofDays(1)))).isEqualTo(20);
  }

  private static Optional<Pilots.Waits> waits(int starts, Duration waited) {
    return Optional.of(new Pilots.Waits(starts, waited, Duration.ZERO, Instant.EPOCH));
  }
}
