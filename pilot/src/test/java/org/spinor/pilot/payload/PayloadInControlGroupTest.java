package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** The same with a control group for each payload, where this account may make one. */
class PayloadInControlGroupTest extends PayloadTest {
  private Optional<Path> parent = Optional.empty();

  @Override
  Optional<Path> group() throws InterruptedException {
    parent = ControlGroup.parent();
    assumeThat(parent).as("control groups may be made here").isPresent();
    return parent;
  }

  @AfterEach
  void noGroupIsLeft() throws Exception {
    if (parent.isPresent()) {
      long end = System.nanoTime() + 10_000_000_000L;
      while (!groups().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(groups()).isEmpty();
    }
  }

  private List<Path> groups() throws Exception {
    try (Stream<Path> below = Files.list(parent.orElseThrow())) {
      return below.filter(path -> path.getFileName().toString().startsWith("spinor-")).toList();
    }
  }
}
