package org.spinor.server.provisioning;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.PilotStatus;
import org.spinor.server.pilots.Pilots;
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
  private static final int MOST_OUTPUT = 64 * 1024;

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
  List<Pilots.Silent> silent(Pilots.Queue key, Set<String> except) {
    return pilots.silent(key, except, properties.silence(), properties.atOnce() * 5);
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
    String lastWords = "";
    for (Pilots.Silent pilot : silent) {
      PilotReport report =
          reports.getOrDefault(
              new PilotReference(pilot.reference()),
              PilotReport.of(PilotState.UNKNOWN, "the element left it out of its answer"));
      if (report.state().isFinal() && !pilot.everSpoke()) {
        lastWords = died(element, pilot, report, deaths < MOST_OUTPUTS);
        deaths++;
      } else {
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
      pilots.ended(
          List.of(pilot.stamp()),
          PilotStatus.Aborted,
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
    Optional<PilotOutput> output =
        fetch ? output(element, new PilotReference(pilot.reference())) : Optional.empty();
    output.ifPresent(found -> pilots.keepOutput(pilot.stamp(), text(found)));
    String words = report.state() + because(report) + output.map(Follow::lastLine).orElse("");
    pilots.ended(List.of(pilot.stamp()), PilotStatus.Aborted, "ended without a word: " + words);
    return words;
  }

  private Optional<PilotOutput> output(ComputingElement element, PilotReference reference) {
    if (!element.capabilities().contains(Capability.OUTPUT)) {
      return Optional.empty();
    }
    try {
      return Optional.of(calls.call("output", () -> element.output(reference, MOST_OUTPUT)));
    } catch (PluginException e) {
      // It would be good to have, no more.
      return Optional.empty();
    }
  }

  private static String text(PilotOutput output) {
    StringBuilder text = new StringBuilder();
    part(text, "standard output", output.standardOutput());
    part(text, "standard error", output.standardError());
    part(text, "batch system", output.log());
    return text.toString();
  }

  private static void part(StringBuilder text, String title, String part) {
    if (!part.isBlank()) {
      text.append("--- ").append(title).append(", kept by the computing element ---\n");
      text.append(part.replace("\0", ""));
      if (!part.endsWith("\n")) {
        text.append('\n');
      }
    }
  }

  private static String lastLine(PilotOutput output) {
    for (String part : List.of(output.standardError(), output.standardOutput(), output.log())) {
      List<String> lines = part.lines().filter(line -> !line.isBlank()).toList();
      if (!lines.isEmpty()) {
        return "; " + lines.getLast().strip();
      }
    }
    return "";
  }

  private static String because(PilotReport report) {
    return report.reason().isBlank() ? "" : ": " + report.reason();
  }
}
