package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-0.0, -0.0",
    "1, 1.0",
    "100, 100.0",
    "0.1, 0.1",
    "0.30000000000000004, 0.30000000000000004",
    "123456.789, 123456.789",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "1.5e-7, 1.5e-07",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "1.25e100, 1.25e+100",
    "-2.5e-300, -2.5e-300",
  })
  void realsAreWrittenAsPythonDoes(double value, String text) {
    assertThat(NumberText.of(value)).isEqualTo(text);
  }

  @Property
  void everyRealIsReadAsItWasWritten(@ForAll double value) {
    assertThat(NumberText.read(NumberText.of(value))).contains(Value.of(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-", "+1", "1D", "1f", "0x", "0x-1", "1e", "1 ", "--1", "NaN", "1KB", "0x1p3", "1_0",
        "1.2.3", "."
      })
  void otherTextsAreNoNumbers(String text) {
    assertThat(NumberText.read(text)).isEmpty();
  }
}
