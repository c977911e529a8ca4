package org.spinor.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
  private static final List<String> KNOWN = List.of("--port", "--data", "--db-url", "VO");

  @Test
  void findsSlips() {
    assertThat(DidYouMean.hint("--prot", KNOWN)).isEqualTo("; did you mean --port?");
    assertThat(DidYouMean.hint("--DATA", KNOWN)).isEqualTo("; did you mean --data?");
    assertThat(DidYouMean.hint("--dburl", KNOWN)).isEqualTo("; did you mean --db-url?");
  }

  @Test
  void staysSilentWhereNothingIsNear() {
    assertThat(DidYouMean.hint("--verbosity", KNOWN)).isEmpty();
    assertThat(DidYouMean.hint("", KNOWN)).isEmpty();
    assertThat(DidYouMean.hint("x", List.of())).isEmpty();
    assertThat(DidYouMean.slip("SE", KNOWN)).isEmpty();
    assertThat(DidYouMean.slip("vo", KNOWN)).hasValue("VO");
  }
}
