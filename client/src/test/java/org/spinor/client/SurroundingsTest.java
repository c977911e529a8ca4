package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurroundingsTest {
  @Test
  void exceptionsFromProxiesAreUnderstood() {
    assertThat(Surroundings.patterns("a.org, .b.org"))
        .isEqualTo("localhost|127.*|[::1]|a.org|*.a.org|b.org|*.b.org");
    assertThat(Surroundings.patterns("*")).endsWith("|*");
  }
}
