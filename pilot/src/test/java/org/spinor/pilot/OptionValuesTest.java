package org.spinor.pilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionValuesTest {
  private static final List<String> NEEDED =
      List.of("--server=https://host:8000", "--stamp=s1", "--secret-file=/x");

  @TempDir Path folder;

  @Test
  void standardValuesAreThoseOfTheHelp() {
    PilotSettings settings = PilotSettings.of(OptionValues.read(NEEDED, Map.of()));
    assertThat(settings.work().ending().idle()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.work().pool()).isTrue();
    assertThat(settings.wrapper().watchdog().maxWall()).isEqualTo(Duration.ofDays(3));
    assertThat(settings.wrapper().watchdog().cpuSample()).isEqualTo(Duration.ofMinutes(30));
    assertThat(settings.wrapper().watchdog().minCpuPercent()).isEqualTo(5);
    assertThat(settings.wrapper().watchdog().checkCpuLimit()).isFalse();
    assertThat(settings.wrapper().outputSandboxLimitBytes()).isEqualTo(100L << 20);
    assertThat(settings.isolation().wish()).isEqualTo("auto");
    assertThat(settings.node().gpus()).isEqualTo(-1);
    assertThat(settings.place().site()).isEqualTo("Unknown");
  }

  @Test
  void argumentsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
    Path file = folder.resolve("pilot.properties");
    Files.writeString(file, "cores = 1\nsite=FILE\nidle=5m\ntags=a, b\n");
    OptionValues values =
        OptionValues.read(
            List.of("--cores", "3", "--config=" + file),
            Map.of("SPINOR_PILOT_CORES", "2", "SPINOR_PILOT_SITE", "ENV", "SPINOR_PILOT_X", "1"));
    assertThat(values.integer(Option.CORES, 0)).isEqualTo(3);
    assertThat(values.text(Option.SITE)).isEqualTo("ENV");
    assertThat(values.time(Option.IDLE)).isEqualTo(Duration.ofMinutes(5));
    assertThat(values.list(Option.TAGS)).containsExactly("a", "b");
    assertThat(values.problems()).isEmpty();
  }

  @Test
  void aFileMayBeJson() throws Exception {
    Path file = folder.resolve("pilot.json");
    Files.writeString(file, "{\"cores\": 4, \"tags\": [\"a\", \"b\"], \"keep-folders\": true}");
    OptionValues values = OptionValues.read(List.of("--config=" + file), Map.of());
    assertThat(values.integer(Option.CORES, 0)).isEqualTo(4);
    assertThat(values.list(Option.TAGS)).containsExactly("a", "b");
    assertThat(values.flag(Option.KEEP_FOLDERS)).isTrue();
    assertThat(values.problems()).isEmpty();
    Files.writeString(file, "{\"cores\": ");
    assertThat(OptionValues.read(List.of("--config=" + file), Map.of()).problems())
        .singleElement()
        .asString()
        .contains("neither lines NAME=value nor JSON");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                PilotSettings.of(
                    OptionValues.read(
                        List.of(
                            "--server=ftp://x",
                            "--stamp=a/b",
                            "stray",
                            "--idle=never",
                            "--cores=-1",
                            "--wrap-upp=3",
                            "--check-memory=perhaps",
                            "--cpu-power"),
                        Map.of())))
        .hasMessageContainingAll(
            "--server takes an address",
            "--stamp takes letters",
            "\"stray\" is no option",
            "--secret-file is needed",
            "--idle takes a time",
            "--cores takes a whole number",
            "did you mean --wrap-up?",
            "--check-memory takes one of yes, no",
            "--cpu-power has no value");
  }

  @Test
  void everyOptionIsInTheOperatorsGuide() throws Exception {
    String guide = Files.readString(Path.of("../docs/operator/pilots.md"));
    for (Option option : Option.values()) {
      assertThat(guide).contains("`" + option.key() + "`");
    }
  }
}
