package org.spinor.plugins.computing.batch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/**
 * How pilots fare: asks their folders, the batch system's queue and its history, and for those that
 * were ended what the system wrote into their output.
 */
final class PilotStatuses {
  /** Ids in one command: below what any system takes as arguments. */
  private static final int AT_ONCE = 500;

  private final BatchComputingElement.Parts parts;
  private final Verdict verdict;
  private final InstantSource clock;

  PilotStatuses(BatchComputingElement.Parts parts, Verdict verdict, InstantSource clock) {
    this.parts = parts;
    this.verdict = verdict;
    this.clock = clock;
  }

  /** By stamp; those without a folder are left out. */
  Map<String, PilotReport> of(List<String> stamps, Deadline deadline) {
    Map<String, Marks> marks = new LinkedHashMap<>(parts.area().look(stamps, deadline));
    Map<String, PilotReport> queue = queue(ids(marks.values()), deadline);
    // What ended while we asked has written its last word by now.
    List<String> doubtful =
        marks.values().stream()
            .filter(pilot -> !pilot.isExplained() && !goesOn(queue.get(pilot.id())))
            .map(Marks::stamp)
            .toList();
    marks.putAll(parts.area().look(doubtful, deadline));
    Map<String, PilotReport> all = new LinkedHashMap<>(history(marks.values(), queue, deadline));
    all.putAll(queue);
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    Instant now = clock.instant();
    marks.forEach(
        (stamp, pilot) ->
            reports.put(stamp, verdict.of(pilot, Optional.ofNullable(all.get(pilot.id())), now)));
    Map<String, PilotReport> ended = explained(marks.values(), reports, deadline);
    if (!ended.isEmpty()) {
      parts.area().setLost(ended, deadline);
      reports.putAll(ended);
    }
    return reports;
  }

  /**
   * Those whose end nobody has explained before, with the last words of the batch system: what it
   * lists is often no more than that they were ended.
   */
  private Map<String, PilotReport> explained(
      Collection<Marks> marks, Map<String, PilotReport> reports, Deadline deadline) {
    Map<String, PilotReport> ended = new LinkedHashMap<>();
    Map<String, String> outputs = new LinkedHashMap<>();
    for (Marks pilot : marks) {
      PilotReport report = reports.get(pilot.stamp());
      if (report == null || goesOn(report) || pilot.isExplained()) {
        continue;
      }
      ended.put(pilot.stamp(), report);
      if (report.state() != PilotState.DONE && !pilot.cancelled()) {
        pilot.output(parts.system()).ifPresent(file -> outputs.put(pilot.stamp(), file));
      }
    }
    if (!outputs.isEmpty()) {
      parts
          .system()
          .lastWords()
          .ifPresent(
              form ->
                  parts
                      .area()
                      .grep(outputs, form, deadline)
                      .forEach(
                          (stamp, words) ->
                              ended.computeIfPresent(
                                  stamp, (same, report) -> with(report, words))));
    }
    return ended;
  }

  private static PilotReport with(PilotReport report, String words) {
    return new PilotReport(
        report.state(), report.reason() + ": " + words, report.exitCode(), report.host());
  }

  private static boolean goesOn(@Nullable PilotReport report) {
    return report != null && !report.state().isFinal();
  }

  private static List<String> ids(Collection<Marks> marks) {
    return marks.stream()
        .filter(pilot -> !pilot.isExplained())
        .map(Marks::id)
        .filter(id -> !id.isEmpty())
        .toList();
  }

  private Map<String, PilotReport> queue(List<String> ids, Deadline deadline) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (List<String> some : chunks(ids)) {
      for (BatchCommand command : parts.system().status(some)) {
        reports.putAll(parts.system().statuses(parts.commands().ask(command, deadline)));
      }
    }
    return reports;
  }

  /** What the system has written down of those that its queue knows no more. */
  private Map<String, PilotReport> history(
      Collection<Marks> marks, Map<String, PilotReport> queue, Deadline deadline) {
    List<String> ids = ids(marks).stream().filter(id -> !queue.containsKey(id)).toList();
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (List<String> some : chunks(ids)) {
      for (BatchCommand command : parts.system().history(some)) {
        try {
          // Once only, and no matter if it fails: many sites keep no history.
          Host.Answer answer = parts.commands().order(command, deadline);
          reports.putAll(parts.system().histories(answer.output()));
        } catch (PluginException e) {
          if (Thread.currentThread().isInterrupted()) {
            throw e;
          }
          return reports;
        }
      }
    }
    return reports;
  }

  static List<List<String>> chunks(List<String> ids) {
    List<List<String>> chunks = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      chunks.add(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
    }
    return chunks;
  }
}
