package org.spinor.plugins.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

class BulkTest {
  private final List<Map<String, PilotSubmission>> sent = new ArrayList<>();

  private static PilotSubmission pilot(String stamp) {
    return new PilotSubmission(
        stamp, "vo", "exit 0", Map.of(), List.of(), PilotSubmission.Size.oneCore());
  }

  private static List<String> problems(PilotSubmission pilot) {
    return pilot.stamp().startsWith("bad") ? List.of("one", "two") : List.of();
  }

  private static PilotSubmission loud(PilotSubmission pilot) {
    return new PilotSubmission(
        pilot.stamp(), "VO", pilot.script(), Map.of(), List.of(), pilot.size());
  }

  private static SubmitResult.Refused refused(String stamp, Fault fault, String reason) {
    return new SubmitResult.Refused(stamp, fault, reason);
  }

  private static SubmitResult.Accepted accepted(String stamp) {
    return new SubmitResult.Accepted(stamp, new PilotReference("job-" + stamp));
  }

  /** Answers backwards, and not for those that are slow. */
  private Map<String, SubmitResult> service(Map<String, PilotSubmission> pilots) {
    sent.add(Map.copyOf(pilots));
    Map<String, SubmitResult> results = new LinkedHashMap<>();
    List.copyOf(pilots.keySet()).reversed().stream()
        .filter(stamp -> !stamp.startsWith("slow"))
        .forEach(stamp -> results.put(stamp, accepted(stamp)));
    return results;
  }

  @Test
  void eachIsAnsweredInTheOrderInWhichItWasAskedFor() {
    List<PilotSubmission> asked =
        List.of(pilot("slow"), pilot("a"), pilot("bad"), pilot("b"), pilot("a"));
    assertThat(Bulk.of(asked, BulkTest::problems).sentBy(this::service))
        .containsExactly(
            refused("slow", Fault.TEMPORARY, "not reached in time"),
            accepted("a"),
            refused("bad", Fault.USER, "one; two"),
            accepted("b"),
            accepted("a"));
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst()).containsOnlyKeys("slow", "a", "b");
  }

  @Test
  void goodOnesAreSentInTheFormOfTheElement() {
    Bulk.of(List.of(pilot("a"), pilot("bad")), BulkTest::problems)
        .as(BulkTest::loud)
        .sentBy(this::service);
    assertThat(sent).containsExactly(Map.of("a", loud(pilot("a"))));
  }

  @Test
  void serviceIsNotAskedForNothing() {
    assertThat(Bulk.of(List.of(pilot("bad")), BulkTest::problems).sentBy(this::service))
        .containsExactly(refused("bad", Fault.USER, "one; two"));
    assertThat(Bulk.of(List.of(), BulkTest::problems).sentBy(this::service)).isEmpty();
    assertThat(sent).isEmpty();
  }
}
