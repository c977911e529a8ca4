package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarTest {
  private static final List<String> WORDS = List.of("list", "submit", "show", "kill", "whoami");

  @Test
  void typingErrorsAreFewLettersAway() {
    assertThat(Similar.to("lsit", WORDS)).containsExactly("list");
    assertThat(Similar.to("submitt", WORDS)).containsExactly("submit");
    assertThat(Similar.to("who", WORDS)).contains("whoami");
    assertThat(Similar.to("frobnicate", WORDS)).isEmpty();
  }

  @Test
  void distanceCountsSwappedNeighboursOnce() {
    assertThat(Similar.distance("list", "lits")).isEqualTo(1);
    assertThat(Similar.distance("", "kill")).isEqualTo(4);
    assertThat(Similar.distance("kill", "kill")).isZero();
  }
}
