package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElementContext;

class NamesTest {
  private static String queue(String site, String name, String queue) {
    return Names.queue(
            new ComputingElementContext(
                site,
                name,
                queue,
                Map.of(),
                Credentials.none(),
                Path.of("/"),
                Duration.ofSeconds(1),
                InstantSource.system()))
        .getOrDefault(Names.QUEUE, "");
  }

  @Test
  void stampsThatDifferInLetterCaseHaveDifferentNames() {
    assertThat(Stream.of("ab", "Ab", "aB", "AB", "1b").map(Names::job))
        .doesNotHaveDuplicates()
        .allMatch(Names::isJob);
    assertThat(Names.job("0123456789abcdef")).isEqualTo("pilot-0123456789abcdef");
    String longest = Names.job("Z".repeat(32));
    assertThat(longest).matches("[a-z0-9-]{1,63}");
    assertThat(Names.isJob(longest)).isTrue();
    assertThat(Names.isJob("web-server")).isFalse();
    assertThat(Names.isJob("pilot-../secrets")).isFalse();
  }

  @Test
  void queuesAreLabelsThatDifferForDifferentQueues() {
    assertThat(
            Stream.of(
                queue("LCG.A.org", "ce", "q"),
                queue("LCG.A.org", "ce", "q2"),
                queue("LCG.A.org", "c", "e.q"),
                queue("LCG.A.org", "https://ce:443/x", "q /"),
                queue("x".repeat(100), "ce", "q"),
                queue("y".repeat(100), "ce", "q")))
        .doesNotHaveDuplicates()
        .allMatch(label -> label.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,61}[A-Za-z0-9]"));
  }

  @Test
  void anythingCanBecomeALabel() {
    assertThat(Names.label("vo.example.org")).isEqualTo("vo.example.org");
    assertThat(Names.label("/-a b\u00e4/")).isEqualTo("a-b");
    assertThat(Names.label("///")).isEmpty();
  }
}
