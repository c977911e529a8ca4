package org.spinor.plugins.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** Pilots of integration tests: made, sent, awaited. */
public final class Pilots {
  private static final AtomicInteger STAMPS = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private final Starts starts;

  public Pilots(Starts starts) {
    this.starts = starts;
  }

  public PilotSubmission script(String script) {
    return script(script, PilotSubmission.Size.oneCore());
  }

  public PilotSubmission script(String script, PilotSubmission.Size size) {
    String stamp = "it" + Long.toString(System.nanoTime(), 36) + "x" + STAMPS.incrementAndGet();
    return starts.counted(
        new PilotSubmission(stamp, "testvo", script, Map.of("PILOT", stamp), List.of(), size));
  }

  public static List<PilotReference> submit(
      ComputingElement element, List<PilotSubmission> pilots) {
    List<PilotReference> references = new ArrayList<>();
    for (SubmitResult result : element.submit(pilots)) {
      assertThat(result).isInstanceOf(SubmitResult.Accepted.class);
      references.add(((SubmitResult.Accepted) result).reference());
    }
    return references;
  }

  public static PilotReport report(ComputingElement element, PilotReference pilot) {
    return Objects.requireNonNull(element.status(List.of(pilot)).get(pilot));
  }

  public static void await(ComputingElement element, PilotReference pilot, PilotState state) {
    Shell.eventually(
        pilot + " to be " + state, PATIENCE, () -> report(element, pilot).state() == state);
  }

  public static PilotReport ended(ComputingElement element, PilotReference pilot) {
    Shell.eventually(
        "the end of " + pilot, PATIENCE, () -> report(element, pilot).state().isFinal());
    return report(element, pilot);
  }

  /** Waits for the end of all, and counts how they ended. */
  public static Map<PilotState, Integer> allEnded(
      ComputingElement element, Collection<PilotReference> pilots) {
    List<PilotReport> left = new ArrayList<>();
    try {
      Shell.eventually(
          "the end of all",
          PATIENCE,
          () -> {
            left.clear();
            element.status(pilots).values().stream()
                .filter(report -> !report.state().isFinal())
                .forEach(left::add);
            return left.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError("still going on: " + left, e);
    }
    Map<PilotState, Integer> counts = new EnumMap<>(PilotState.class);
    element.status(pilots).values().forEach(r -> counts.merge(r.state(), 1, Integer::sum));
    return counts;
  }
}
