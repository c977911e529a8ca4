package org.spinor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.Failure;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;

class DemoTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void everyExampleIsAValidDescriptionWhoseFilesExist() throws Exception {
    for (Example example : Example.values()) {
      Path description = example.description(EXAMPLES);
      Ad ad = Jdl.parse(Files.readString(description));
      assertThat(ad.string("JobName")).contains(example.title());
      for (String file : ad.strings("InputSandbox")) {
        assertThat(description.resolveSibling(file)).exists();
      }
    }
  }

  @Test
  void showersOfTheExampleHaveTheirMaximumWhereTheoryPutsIt() throws Exception {
    List<Shower> showers = new ArrayList<>();
    for (int seed = 0; seed < 60; seed++) {
      Process awk =
          new ProcessBuilder(
                  "awk",
                  "-v",
                  "seed=" + seed,
                  "-f",
                  EXAMPLES.resolve("shower/shower.awk").toString())
              .redirectError(new File("/dev/null"))
              .start();
      String text = new String(awk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(awk.waitFor()).isZero();
      showers.add(Shower.parse(text.lines().toList()).orElseThrow());
    }
    assertThat(showers).extracting(Shower::energy).doesNotHaveDuplicates();
    ShowerStatistics statistics = ShowerStatistics.of(showers);
    double meanEnergy =
        showers.stream().mapToDouble(shower -> Math.log(shower.energy())).average().orElseThrow();
    double heitler = 36.7 * (meanEnergy - Math.log(0.0857));
    assertThat(statistics.meanMaximum()).isCloseTo(heitler, Offset.offset(30.0));
    assertThat(statistics.picture(true).toString()).contains("shower maximum", "█");
    assertThat(statistics.picture(false)).allMatch(line -> line.chars().allMatch(c -> c < 128));
  }

  @Test
  void statisticsAreThoseOfTheNumbers() {
    ShowerStatistics statistics =
        ShowerStatistics.of(
            List.of(
                new Shower(100, 200, List.of(1, 3, 2)),
                new Shower(1000, 290, List.of(3, 5, 2)),
                new Shower(10000, 380, List.of(2, 4, 2))));
    assertThat(statistics.meanProfile()).containsExactly(2.0, 4.0, 2.0);
    assertThat(statistics.meanMaximum()).isCloseTo(290, Offset.offset(1e-9));
    assertThat(statistics.spread()).isCloseTo(90, Offset.offset(1e-9));
    assertThat(statistics.elongation()).isCloseTo(90, Offset.offset(1e-9));
    assertThat(statistics.elongationError()).isCloseTo(0, Offset.offset(1e-6));
  }

  @Test
  void otherTextIsNoShower() {
    assertThat(Shower.parse(List.of())).isEmpty();
    assertThat(Shower.parse(List.of("awk: not found"))).isEmpty();
    assertThat(Shower.parse(List.of("shower 1 2.0 3.0 4.0 5", "20"))).isEmpty();
  }

  @Test
  void leftProcessesAreFoundByTheirMarkAndEnded() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "trap '' TERM; while :; do sleep 1; done");
    builder.environment().put("SPINOR_DATA", folder.toString());
    Process stubborn = builder.start();
    try {
      assertThat(Leftovers.of(folder)).isNotEmpty();
      assertThat(Leftovers.of(folder.resolve("other"))).isEmpty();
      assertThat(Leftovers.end(folder)).isPositive();
      assertThat(Leftovers.of(folder)).isEmpty();
      assertThat(stubborn.waitFor(5, TimeUnit.SECONDS)).isTrue();
    } finally {
      stubborn.destroyForcibly();
    }
  }

  @Test
  void serverIsStartedAskedForATokenAndStopped() throws Exception {
    Launcher launcher =
        launcher(
            """
            case $1 in
              server) echo "Spinor serves at http://localhost:1234 (data: x)"; exec sleep 600 ;;
              admin) echo "token-of $*" ;;
            esac
            """);
    try (DemoServer server = DemoServer.start(launcher, folder.resolve("data"), 0)) {
      assertThat(server.address()).hasToString("http://localhost:1234");
      assertThat(server.token("anna", "user", List.of("NormalUser")))
          .startsWith("token-of admin token --data")
          .contains("--vo spinor --group user --user anna", "--property NormalUser");
    }
    assertThat(folder.resolve("data/demo.pid")).doesNotExist();
  }

  @Test
  void serverThatDoesNotStartIsSaidWithItsLastWords() throws Exception {
    Launcher launcher = launcher("echo 'the port is taken' >&2; exit 1");
    assertThatThrownBy(() -> DemoServer.start(launcher, folder.resolve("data"), 0))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.hints()).contains("the port is taken"));
  }

  private Launcher launcher(String script) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path file = Files.writeString(home.resolve("spinor"), "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new Launcher(home);
  }
}
