package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./spinor demo}, as the README promises it, and once more on the same folder with fewer
 * jobs; nothing is left behind.
 */
class DemoIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();

  @Test
  void theDemoEndsAsItShouldAndAgain() throws Exception {
    Path data = Files.createTempDirectory(HOME.resolve("it/target"), "demo-");
    assertEndsAsItShould(data, 1000);
    assertEndsAsItShould(data, 100, "--jobs", "100");
  }

  private static void assertEndsAsItShould(Path data, int showers, String... options)
      throws IOException, InterruptedException {
    JsonNode outcome = demo(data, options);
    assertThat(outcome.path("ok").asBoolean()).as(outcome.toString()).isTrue();
    assertThat(outcome.path("jobs").asInt()).isEqualTo(showers + 4);
    assertThat(outcome.path("done").asInt()).isGreaterThanOrEqualTo(showers + 1);
    assertThat(outcome.path("failed").asInt()).isEqualTo(1);
    assertThat(outcome.path("explained").asInt()).isGreaterThanOrEqualTo(1);
    assertThat(outcome.path("seconds_to_first_output").asDouble()).isPositive();
    assertThat(Processes.withMark("SPINOR_DATA=" + data)).as("processes left behind").isEmpty();
  }

  private static JsonNode demo(Path data, String... options)
      throws IOException, InterruptedException {
    Path progress = data.resolveSibling(data.getFileName() + ".progress");
    List<String> command = new ArrayList<>(List.of(HOME.resolve("spinor").toString(), "demo"));
    command.addAll(List.of("--exit", "--json", "--data", data.toString(), "--port", "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
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
