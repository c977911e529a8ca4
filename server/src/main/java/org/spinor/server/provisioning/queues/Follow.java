package org.spinor.server.provisioning.queues;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.PilotStatus;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.ElementOutputs;
import org.spinor.server.provisioning.elements.OutputText;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/**
 * Asks computing elements about pilots that do not speak. What a pilot says itself counts more:
 * nobody asks about those that were heard lately.
 */
final class Follow {
  private static final int MOST_OUTPUTS = 10;

  private final Pilots pilots;
  private final QueueStates states;
  private final TimedCalls calls;
  private final ProvisioningProperties properties;

  Follow(Pilots pilots, QueueStates states, TimedCalls calls, ProvisioningProperties properties) {
    this.pilots = pilots;
    this.states = states;
    this.calls = calls;
    this.properties = properties;
  }

  /**
   * Pilots to be asked about now.
   *
   * @param except VOs whose pilots are left out
   */
  List<Pilots.Silent> silent(Pilots.Queue key, Set<String> except, int most) {
    return pilots.silent(key, except, properties.silence(), most);
  }

  /**
   * @param silent at least one, all of this element
   */
  boolean ask(Pilots.Queue key, ComputingElement element, List<Pilots.Silent> silent) {
    List<PilotReference> references =
        silent.stream().map(pilot -> new PilotReference(pilot.reference())).distinct().toList();
    Map<PilotReference, PilotReport> reports =
        calls.call("status", () -> element.status(references));
    int deaths = 0;
    int outputs = 0;
    String lastWords = "";
    for (Pilots.Silent pilot : silent) {
      PilotReport report =
          reports.getOrDefault(
              new PilotReference(pilot.reference()),
              PilotReport.of(PilotState.UNKNOWN, "the element left it out of its answer"));
      if (report.state().isFinal() && !pilot.everSpoke()) {
        lastWords = died(element, pilot, report, outputs++ < MOST_OUTPUTS);
        deaths++;
      } else {
        boolean failed =
            report.state() == PilotState.FAILED || report.state() == PilotState.ABORTED;
        if (failed && outputs++ < MOST_OUTPUTS) {
          // What killed it stands there at best: a limit of memory or time, say.
          output(element, pilot);
        }
        hear(pilot, report);
      }
    }
    if (deaths > 0) {
      states.died(
          key,
          deaths,
          properties.silentDeaths(),
          "pilots end without a word, the last one: " + lastWords,
          properties.firstPause(),
          properties.longestPause());
    }
    return true;
  }

  private void hear(Pilots.Silent pilot, PilotReport report) {
    switch (report.state()) {
      case WAITING -> pilots.reported(pilot.stamp(), PilotStatus.Waiting, "waits for a slot");
      case HELD -> pilots.reported(pilot.stamp(), PilotStatus.Waiting, "held" + because(report));
      case RUNNING ->
          pilots.reported(
              pilot.stamp(), PilotStatus.Waiting, "runs, and has not spoken" + because(report));
      case DONE -> pilots.ended(List.of(pilot.stamp()), PilotStatus.Done, "ended");
      case FAILED ->
          pilots.ended(List.of(pilot.stamp()), PilotStatus.Failed, "ended" + because(report));
      case ABORTED ->
          pilots.ended(List.of(pilot.stamp()), PilotStatus.Aborted, "ended" + because(report));
      case UNKNOWN -> doubt(pilot, report);
    }
  }

  /** The element does not know it: that may pass, but not for ever. */
  private void doubt(Pilots.Silent pilot, PilotReport report) {
    boolean tooLong =
        pilot.status() == PilotStatus.Unknown
            && pilot.since().plus(properties.believeUnknown()).isBefore(Instant.now());
    if (tooLong) {
      pilots.givenUp(
          List.of(pilot.stamp()),
          "unknown to its computing element for "
              + properties.believeUnknown().toMinutes()
              + " min"
              + because(report));
    } else {
      pilots.reported(
          pilot.stamp(),
          PilotStatus.Unknown,
          "its computing element does not know it" + because(report));
    }
  }

  /** A pilot ended before it could say a word: what the batch system has of it says why. */
  private String died(
      ComputingElement element, Pilots.Silent pilot, PilotReport report, boolean fetch) {
    Optional<PilotOutput> output = fetch ? output(element, pilot) : Optional.empty();
    String lastLine = output.map(OutputText::lastLine).filter(line -> !line.isEmpty()).orElse("");
    String words = report.state() + because(report) + (lastLine.isEmpty() ? "" : "; " + lastLine);
    pilots.ended(List.of(pilot.stamp()), PilotStatus.Aborted, "ended without a word: " + words);
    return words;
  }

  /** It would be good to have, no more. */
  private Optional<PilotOutput> output(ComputingElement element, Pilots.Silent pilot) {
    if (!element.capabilities().contains(Capability.OUTPUT)) {
      return Optional.empty();
    }
    try {
      PilotOutput output = ElementOutputs.output(calls, element, pilot.reference());
      pilots.keepOutput(pilot.stamp(), OutputText.of(output));
      return Optional.of(output);
    } catch (PluginException e) {
      return Optional.empty();
    }
  }

  private static String because(PilotReport report) {
    return report.reason().isBlank() ? "" : ": " + report.reason();
  }
}
