package org.spinor.plugins.computing.arc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.ArcState;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.Parallel;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * One bulk submission, so that a stamp starts one pilot at most.
 *
 * <p>A job is created first and gets its files then; without them it cannot start, and ARC gives it
 * up after a while. So a job whose creation was not answered does no harm. Before anything is
 * created, the account's jobs are looked through for the stamps, which are their names; afterwards
 * once more: whoever finds a second job of a name then ends his own before it has its files. Of two
 * that do this at the same time at least one sees the other.
 *
 * <p>A job without files that was left behind is taken up. Of several none is: another server may
 * be sending files to any of them.
 */
final class Submission {
  private final ArcService service;
  private final ArcRest rest;
  private final ArcSettings settings;
  private final Map<String, PilotSubmission> pilots;
  private final Deadline deadline;
  private final Map<String, SubmitResult> results = new LinkedHashMap<>();

  /**
   * @param pilots by stamp, all of them valid
   */
  Submission(
      ArcService service,
      ArcSettings settings,
      Map<String, PilotSubmission> pilots,
      Deadline deadline) {
    this.service = service;
    this.rest = service.rest();
    this.settings = settings;
    this.pilots = pilots;
    this.deadline = deadline;
  }

  /** Results by stamp. */
  Map<String, SubmitResult> run() {
    Map<String, List<String>> found = service.named(pilots.keySet(), deadline);
    takeUp(found);
    List<PilotSubmission> missing =
        pilots.values().stream().filter(pilot -> !found.containsKey(pilot.stamp())).toList();
    if (!missing.isEmpty()) {
      Map<String, String> created = create(missing);
      giveWay(created);
      send(created, false);
    }
    return results;
  }

  /** Finishes what an earlier call has begun. */
  private void takeUp(Map<String, List<String>> found) {
    if (found.isEmpty()) {
      return;
    }
    Map<String, ArcState> states = rest.states(deadline);
    Map<String, String> unfinished = new LinkedHashMap<>();
    List<String> spare = new ArrayList<>();
    found.forEach(
        (stamp, ids) -> {
          Comparator<String> furthest =
              Comparator.comparingInt(id -> rank(states.getOrDefault(id, ArcState.WIPED)));
          String best = ids.stream().max(furthest.thenComparing(id -> id)).orElseThrow();
          boolean takesInput = states.getOrDefault(best, ArcState.WIPED).takesInput();
          if (takesInput && ids.size() == 1) {
            unfinished.put(stamp, best);
          } else if (takesInput) {
            // Somebody may be sending files to any of them: not one of them may start.
            spare.addAll(ids);
            refuse(stamp, Fault.TEMPORARY, "there are several jobs of it, which are ended first");
          } else {
            ids.stream().filter(id -> !id.equals(best)).forEach(spare::add);
            accept(stamp, best);
          }
        });
    if (!spare.isEmpty()) {
      rest.act(ArcRest.Action.KILL, spare, deadline);
    }
    send(unfinished, true);
  }

  /** Of several jobs of one name at most one ever had its files: the one that came furthest. */
  private static int rank(ArcState state) {
    return switch (state) {
      case ACCEPTING, ACCEPTED, PREPARING -> 0;
      case WIPED -> 1;
      // The list of states calls killed jobs failed, too.
      case FAILED, KILLING, KILLED -> 2;
      case FINISHED -> 3;
      case PREPARED, SUBMITTING, QUEUING, HELD, OTHER, RUNNING, EXITINGLRMS, EXECUTED, FINISHING ->
          4;
    };
  }

  /** Numbers of the new jobs by stamp. */
  private Map<String, String> create(List<PilotSubmission> missing) {
    Optional<String> delegation = service.delegations().current(settings.renewal(), deadline);
    List<JobItem> items =
        rest.create(
            missing.stream().map(pilot -> Adl.of(pilot, settings, delegation)).toList(), deadline);
    Map<String, String> created = new LinkedHashMap<>();
    for (int i = 0; i < missing.size(); i++) {
      String stamp = missing.get(i).stamp();
      JobItem item = items.get(i);
      if (item.isGood() && !item.id().isEmpty() && item.id().length() <= 255) {
        created.put(stamp, item.id());
        service.remember(item.id(), stamp);
      } else {
        refuse(stamp, fault(item.reason()), "ARC: " + item.code() + " " + item.reason());
      }
    }
    return created;
  }

  private static Fault fault(String reason) {
    String words = reason.toLowerCase(java.util.Locale.ROOT);
    boolean passes =
        Stream.of("no more jobs", "exceeds allowed", "failed", "internal error", "temporar")
            .anyMatch(words::contains);
    return passes || words.isBlank() ? Fault.TEMPORARY : Fault.PLATFORM;
  }

  /** Ends jobs of ours that somebody else has created too. */
  private void giveWay(Map<String, String> created) {
    List<String> mine = new ArrayList<>();
    service
        .named(List.copyOf(created.keySet()), deadline)
        .forEach(
            (stamp, ids) -> {
              if (!ids.equals(List.of(created.getOrDefault(stamp, "")))) {
                mine.add(created.remove(stamp));
                refuse(stamp, Fault.TEMPORARY, "another server sends it at this moment");
              }
            });
    if (!mine.isEmpty()) {
      rest.act(ArcRest.Action.KILL, mine, deadline);
    }
  }

  /**
   * Sends the files of jobs.
   *
   * @param again whether some may be there already; those are left alone, the job may use them
   */
  private void send(Map<String, String> ids, boolean again) {
    Parallel.each(
            List.copyOf(ids.keySet()),
            stamp -> {
              PilotSubmission pilot = pilots.get(stamp);
              String id = ids.get(stamp);
              if (pilot != null && id != null) {
                send(pilot, id, again);
              }
              return true;
            })
        .forEach(
            (stamp, result) -> {
              switch (result) {
                case Parallel.Result.Value<Boolean> sent ->
                    accept(stamp, ids.getOrDefault(stamp, ""));
                case Parallel.Result.Failure<Boolean>(var reason) ->
                    refuse(
                        stamp,
                        Fault.TEMPORARY,
                        "its files could not be sent: " + reason.getMessage());
              }
            });
  }

  private void send(PilotSubmission pilot, String id, boolean again) {
    Adl.files(pilot, settings)
        .forEach(
            (name, text) -> {
              long length = text.getBytes(StandardCharsets.UTF_8).length;
              if (!again || !rest.length(id, name, deadline).equals(OptionalLong.of(length))) {
                rest.put(id, name, text, deadline);
              }
            });
  }

  private void accept(String stamp, String id) {
    results.put(stamp, new SubmitResult.Accepted(stamp, new PilotReference(id)));
  }

  private void refuse(String stamp, Fault fault, String reason) {
    results.put(stamp, new SubmitResult.Refused(stamp, fault, reason));
  }
}
