package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;

/**
 * Pilots that run, and end, while the server of their batch system is away; those for which there
 * was no room wait in its queue. None is lost or starts twice. The server is stopped when all of
 * the first have started: what it was about to start, a batch system may lose by itself.
 *
 * @param element a queue of a cluster of the test bed
 * @param starts of its pilots
 * @param folder that the pilots see
 */
record AcrossARestart(ComputingElement element, Starts starts, Path folder) {
  /** Of a cluster of the test bed. */
  private static final int CORES = 16;

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /**
   * @param count of pilots; a tenth of them fails
   * @param whileAway what is so of the pilots without the server
   */
  List<PilotReference> run(
      int count, Runnable stop, Consumer<List<PilotReference>> whileAway, Runnable start) {
    Path gate = folder.resolve("gate");
    Starts ends = new Starts(folder.resolve("ends"));
    Pilots pilots = new Pilots(starts);
    List<PilotSubmission> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          pilots.script(
              """
              echo out $PILOT
              until [ -e %s ]; do sleep 1; done
              echo $PILOT >>%s
              exit %d
              """
                  .formatted(gate, folder.resolve("ends"), i % 10 == 0 ? 4 : 0)));
    }
    List<PilotReference> references = Pilots.submit(element, all);
    assertThat(references).doesNotHaveDuplicates().hasSize(count);
    int first = Math.min(CORES, count);
    Shell.eventually("the first run", PATIENCE, () -> startsOf(all) >= first);

    stop.run();
    whileAway.accept(references);
    assertThat(Pilots.submit(element, all)).as("once more").isEqualTo(references);
    open(gate);
    Shell.eventually("the first are over", PATIENCE, () -> ends.all().size() >= first);
    start.run();

    assertThat(Pilots.allEnded(element, references))
        .isEqualTo(Map.of(PilotState.DONE, count - count / 10, PilotState.FAILED, count / 10));
    all.forEach(pilot -> assertThat(starts.of(pilot.stamp())).isEqualTo(1));
    assertThat(element.output(references.get(7), 1000).standardOutput())
        .isEqualTo("out " + references.get(7) + "\n");
    return references;
  }

  /** Nothing is known of the pilots: the system's program says that its server is away. */
  void isSilent(List<PilotReference> pilots) {
    assertThatThrownBy(() -> element.status(pilots)).isInstanceOf(TemporaryException.class);
  }

  private long startsOf(List<PilotSubmission> pilots) {
    List<String> started = starts.all();
    return pilots.stream().filter(pilot -> started.contains(pilot.stamp())).count();
  }

  private static void open(Path gate) {
    try {
      Files.createFile(gate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
