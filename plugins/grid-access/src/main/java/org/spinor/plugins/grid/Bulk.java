package org.spinor.plugins.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * A list of pilots that an element is asked to send: those that are good go to the service in one
 * call, and each gets an answer, in the order in which they were asked for.
 */
public final class Bulk {
  private final List<PilotSubmission> asked;
  private final Map<String, SubmitResult> refused = new LinkedHashMap<>();
  private final Map<String, PilotSubmission> good = new LinkedHashMap<>();

  private Bulk(List<PilotSubmission> asked) {
    this.asked = asked;
  }

  /**
   * Sorts out what cannot be sent: that is the user's fault.
   *
   * @param problems of one pilot; none: it is good
   */
  public static Bulk of(
      List<PilotSubmission> asked, Function<PilotSubmission, List<String>> problems) {
    Bulk bulk = new Bulk(asked);
    for (PilotSubmission pilot : asked) {
      List<String> found = problems.apply(pilot);
      if (found.isEmpty()) {
        bulk.good.put(pilot.stamp(), pilot);
      } else {
        bulk.refused.put(
            pilot.stamp(),
            new SubmitResult.Refused(pilot.stamp(), Fault.USER, String.join("; ", found)));
      }
    }
    return bulk;
  }

  /** With the good pilots as the element sends them. */
  public Bulk as(UnaryOperator<PilotSubmission> form) {
    good.replaceAll((stamp, pilot) -> form.apply(pilot));
    return this;
  }

  /**
   * Sends the good ones, if there are any. One of which nothing is said then may be tried again.
   *
   * @param service takes pilots by stamp, and answers by stamp
   */
  public List<SubmitResult> sentBy(
      Function<Map<String, PilotSubmission>, Map<String, SubmitResult>> service) {
    Map<String, SubmitResult> results = new LinkedHashMap<>(refused);
    if (!good.isEmpty()) {
      results.putAll(service.apply(good));
    }
    return asked.stream()
        .map(PilotSubmission::stamp)
        .map(
            stamp ->
                results.getOrDefault(
                    stamp, new SubmitResult.Refused(stamp, Fault.TEMPORARY, "not reached in time")))
        .toList();
  }
}
