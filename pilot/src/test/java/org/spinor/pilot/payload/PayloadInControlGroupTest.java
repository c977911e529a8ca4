package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** The same with a control group for each payload, where this account may make one. */
class PayloadInControlGroupTest extends PayloadTest {
  private Optional<Path> parent = Optional.empty();
  private List<Path> ofOthers = List.of();

  @Override
  Optional<Path> group() throws InterruptedException {
    if (parent.isEmpty()) {
      parent = ControlGroup.parent();
      assumeThat(parent).as("control groups may be made here").isPresent();
      ofOthers = groups();
    }
    return parent;
  }

  @AfterEach
  void noGroupIsLeft() throws Exception {
    if (parent.isPresent()) {
      long end = System.nanoTime() + 10_000_000_000L;
      while (!ofOthers.containsAll(groups()) && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(ofOthers).containsAll(groups());
    }
  }

  private List<Path> groups() {
    try (Stream<Path> below = Files.list(parent.orElseThrow())) {
      return below.filter(path -> path.getFileName().toString().startsWith("spinor-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
