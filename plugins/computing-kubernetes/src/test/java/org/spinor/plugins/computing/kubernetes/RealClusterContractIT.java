package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** The contract, in a real cluster, with the rights that operators are told to give. */
@ExtendWith(RealCluster.class)
class RealClusterContractIT extends ComputingElementContract {
  private static RealCluster.@Nullable Place place;
  private static @Nullable Starts starts;

  @BeforeAll
  static void prepare() {
    place = RealCluster.place("privileged");
    try {
      Path folder = Files.createDirectory(RealCluster.get().folder().resolve("starts"));
      starts = new Starts(folder.resolve("starts"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing that a pilot keeps to itself was told to anybody but its Secret. */
  @AfterAll
  static void checkSecrets() {
    RealCluster.Place used = place;
    if (used != null) {
      assertThat(RealCluster.get().admin().get(used.path("jobs", "")))
          .contains("pilot-")
          .doesNotContain("secret.txt");
    }
  }

  private static Starts starts() {
    return Objects.requireNonNull(starts);
  }

  @Override
  protected ComputingElement open() {
    Path folder = Objects.requireNonNull(starts().file().getParent());
    return Objects.requireNonNull(place)
        .open("Volumes", "hostPath:" + folder + ":" + folder + ":rw");
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return starts().counted(super.submission(stamp, behaviour));
  }

  @Override
  protected int startsOf(String stamp) {
    return starts().of(stamp);
  }

  @Override
  protected Duration patience() {
    return Duration.ofMinutes(3);
  }
}
