package org.spinor.plugins.computing.arc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.ArcRest.Action;
import org.spinor.plugins.computing.arc.rest.ArcState;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.Parallel;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/**
 * How pilots fare. Two lists are put together: the state that ARC's look at the batch system found
 * (with details, but as old as that look, minutes on a busy site), and the state that ARC itself
 * has (fresh, but with one word for all that is in the batch system).
 */
final class Following {
  /**
   * The job ended by itself: {@code LRMS error: (3) Job finished with wrong exit code - 3 != 0}, or
   * {@code Job failed with exit code 3}; Slurm's script leaves it at {@code Job failed}.
   */
  private static final Pattern EXIT_CODE =
      Pattern.compile(
          "LRMS error: \\((\\d{1,5})\\) (?:[^;]*(?:wrong|with) exit code|Job failed *(?:;|$))",
          Pattern.CASE_INSENSITIVE);

  /** Somebody ended it, in the words of ARC and of its scripts for batch systems. */
  private static final Pattern ENDED_BY_SOMEBODY =
      Pattern.compile("cancel|killed|kill signal", Pattern.CASE_INSENSITIVE);

  private final ArcRest rest;
  private final Deadline deadline;

  Following(ArcRest rest, Deadline deadline) {
    this.rest = rest;
    this.deadline = deadline;
  }

  /**
   * A job's state.
   *
   * @param state empty: not known, or not known here
   * @param words in ARC's words
   */
  record Found(Optional<ArcState> state, String words) {}

  /** States for all that were asked. */
  Map<String, Found> states(Collection<String> ids) {
    Map<String, JobItem> told = rest.act(Action.STATUS, ids, deadline);
    Map<String, ArcState> fresh = fresh();
    Map<String, Found> found = new LinkedHashMap<>();
    for (String id : ids) {
      JobItem item = told.get(id);
      found.put(id, merged(Optional.ofNullable(item), Optional.ofNullable(fresh.get(id))));
    }
    return found;
  }

  private Map<String, ArcState> fresh() {
    try {
      return rest.states(deadline);
    } catch (MisconfiguredException e) {
      // A version that filters no lists: then the older states must do.
      return Map.of();
    }
  }

  static Found merged(Optional<JobItem> told, Optional<ArcState> fresh) {
    String words =
        told.map(item -> item.isGood() ? "" : item.reason())
            .orElse("ARC left it out of its answer");
    Optional<ArcState> old = told.filter(JobItem::isGood).flatMap(JobItem::state);
    if (fresh.isEmpty()) {
      return new Found(
          old,
          old.isEmpty() && words.isEmpty() ? "ARC tells a state that is not known here" : words);
    }
    if (!fresh.get().isInBatchSystem() || old.filter(ArcState::isInBatchSystem).isPresent()) {
      return new Found(fresh.get().isInBatchSystem() ? old : fresh, "");
    }
    return new Found(Optional.of(ArcState.QUEUING), "in the batch system, no news from there yet");
  }

  /** Reports for all that were asked. */
  Map<String, PilotReport> reports(Collection<String> ids) {
    Map<String, Found> found = states(ids);
    Map<String, JobItem.Facts> facts = facts(found);
    Map<String, Failure> failures =
        failures(
            found.entrySet().stream()
                .filter(one -> one.getValue().state().equals(Optional.of(ArcState.FAILED)))
                .map(Map.Entry::getKey)
                .toList());
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    found.forEach(
        (id, one) -> {
          Optional<String> host =
              Optional.ofNullable(facts.get(id))
                  .map(JobItem.Facts::host)
                  .filter(name -> !name.isEmpty());
          Failure failure = failures.get(id);
          reports.put(id, failure == null ? report(one, host) : failure.report(host));
        });
    reports.putAll(restart(failures));
    return reports;
  }

  private Map<String, JobItem.Facts> facts(Map<String, Found> found) {
    List<String> started = new ArrayList<>();
    found.forEach(
        (id, one) ->
            one.state()
                .filter(state -> state.compareTo(ArcState.RUNNING) >= 0)
                .ifPresent(state -> started.add(id)));
    Map<String, JobItem.Facts> facts = new LinkedHashMap<>();
    if (!started.isEmpty()) {
      rest.act(Action.INFO, started, deadline).forEach((id, item) -> facts.put(id, item.facts()));
    }
    return facts;
  }

  private static PilotReport report(Found found, Optional<String> host) {
    if (found.state().isEmpty()) {
      return PilotReport.of(PilotState.UNKNOWN, found.words());
    }
    ArcState arc = found.state().get();
    PilotState state =
        switch (arc) {
          case ACCEPTING, ACCEPTED, PREPARING, PREPARED, SUBMITTING, QUEUING -> PilotState.WAITING;
          case HELD, OTHER -> PilotState.HELD;
          // The pilot has ended, its end is not sure yet.
          case RUNNING, EXITINGLRMS, EXECUTED, FINISHING, KILLING -> PilotState.RUNNING;
          case FINISHED -> PilotState.DONE;
          case FAILED -> PilotState.FAILED;
          case KILLED -> PilotState.ABORTED;
          // Ended, and nobody can tell how any more.
          case WIPED -> PilotState.UNKNOWN;
        };
    OptionalInt code = arc == ArcState.FINISHED ? OptionalInt.of(0) : OptionalInt.empty();
    String words = found.words().isEmpty() ? "" : ": " + found.words();
    return new PilotReport(state, arc + words, code, host);
  }

  /**
   * Why a job failed.
   *
   * @param restarts how often ARC may still start it again; 0 where it came to run
   */
  record Failure(String words, int restarts) {
    PilotReport report(Optional<String> host) {
      Matcher matcher = EXIT_CODE.matcher(words);
      if (!matcher.find()) {
        // ARC or the batch system ended it, or it never came to run.
        return new PilotReport(PilotState.ABORTED, words, OptionalInt.empty(), host);
      }
      int code = Integer.parseInt(matcher.group(1));
      boolean ended = ENDED_BY_SOMEBODY.matcher(words).find() || code >= 256;
      // ARC's scripts tell signals as 256 + number.
      return new PilotReport(
          ended ? PilotState.ABORTED : PilotState.FAILED,
          words,
          OptionalInt.of(code >= 256 ? 128 + code - 256 : code),
          host);
    }
  }

  private Map<String, Failure> failures(List<String> ids) {
    Map<String, Failure> failures = new LinkedHashMap<>();
    Parallel.each(ids, this::failure)
        .forEach(
            (id, result) -> {
              switch (result) {
                case Parallel.Result.Value<Failure>(Failure failure) -> failures.put(id, failure);
                case Parallel.Result.Failure<Failure>(var reason) ->
                    throw new TemporaryException(String.valueOf(reason.getMessage()), reason);
              }
            });
    return failures;
  }

  private Failure failure(String id) {
    String words = Diagnostics.failure(rest, id, deadline);
    if (EXIT_CODE.matcher(words).find()) {
      return new Failure(words, 0);
    }
    Map<String, String> local = Diagnostics.local(rest, id, deadline);
    String state = local.getOrDefault("failedstate", "");
    String rerun = local.getOrDefault("rerun", "0");
    boolean neverRan = state.equals("SUBMIT") || state.equals("PREPARING");
    return new Failure(
        (words.isEmpty() ? "failed" : words) + (state.isEmpty() ? "" : " (in " + state + ")"),
        neverRan && rerun.matches("\\d{1,3}") ? Integer.parseInt(rerun) : 0);
  }

  /** Has ARC start again what never came to run, as often as the job's description allows. */
  private Map<String, PilotReport> restart(Map<String, Failure> failures) {
    List<String> again = new ArrayList<>();
    failures.forEach(
        (id, failure) -> {
          if (failure.restarts() > 0) {
            again.add(id);
          }
        });
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    if (!again.isEmpty()) {
      rest.act(Action.RESTART, again, deadline)
          .forEach(
              (id, item) -> {
                Failure failure = failures.get(id);
                if (item.isGood() && failure != null) {
                  reports.put(
                      id,
                      PilotReport.of(
                          PilotState.WAITING, "started again by ARC after: " + failure.words()));
                }
              });
    }
    return reports;
  }
}
