package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./spinor demo}, as the README promises it: twice on the same folder, and nothing left
 * behind.
 */
class DemoIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();

  @Test
  void theDemoEndsAsItShouldTwice() throws Exception {
    Path data = Files.createTempDirectory(HOME.resolve("it/target"), "demo-");
    for (int run = 1; run <= 2; run++) {
      JsonNode outcome = demo(data);
      assertThat(outcome.path("ok").asBoolean()).as(outcome.toString()).isTrue();
      assertThat(outcome.path("jobs").asInt()).isEqualTo(1004);
      assertThat(outcome.path("done").asInt()).isGreaterThanOrEqualTo(1001);
      assertThat(outcome.path("failed").asInt()).isEqualTo(1);
      assertThat(outcome.path("explained").asInt()).isGreaterThanOrEqualTo(1);
      assertThat(outcome.path("seconds_to_first_output").asDouble()).isPositive();
      assertThat(Processes.withMark("SPINOR_DATA=" + data)).as("processes left behind").isEmpty();
    }
  }

  private static JsonNode demo(Path data) throws IOException, InterruptedException {
    Path progress = data.resolveSibling(data.getFileName() + ".progress");
    ProcessBuilder builder =
        new ProcessBuilder(
            HOME.resolve("spinor").toString(),
            "demo",
            "--exit",
            "--json",
            "--data",
            data.toString(),
            "--port",
            "0");
    builder.environment().put("SPINOR_BUILD", "never");
    builder.redirectError(progress.toFile());
    Process demo = builder.start();
    List<String> lines =
        new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .lines()
            .toList();
    assertThat(demo.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(lines).as("no JSON; see " + progress).isNotEmpty();
    JsonNode outcome = Json.tree(lines.getLast());
    assertThat(demo.exitValue()).as(outcome + "; see " + progress).isZero();
    return outcome;
  }
}
