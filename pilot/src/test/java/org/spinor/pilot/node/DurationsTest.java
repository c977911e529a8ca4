package org.spinor.pilot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "90, 90",
    "12:34, 754",
    "1:02:03, 3723",
    "100:00:00, 360000",
    "1-02:03:04, 93784",
    "1:02:03:04, 93784",
    "00:00:01.55, 1",
    "86400.000, 86400"
  })
  void batchSystemsWriteTimesInManyWays(String text, long seconds) {
    assertThat(Durations.parse(text)).hasValue(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "UNLIMITED", "INVALID", "NOT_SET", "-", "1:2:3:4:5", "-5", "abc"})
  void wordsAreNoTimes(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
