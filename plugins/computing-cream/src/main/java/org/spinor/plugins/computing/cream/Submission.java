package org.spinor.plugins.computing.cream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.spinor.plugins.computing.cream.ws.Answer;
import org.spinor.plugins.computing.cream.ws.CreamPort;
import org.spinor.plugins.computing.cream.ws.CreamState;
import org.spinor.plugins.computing.cream.ws.Job;
import org.spinor.plugins.computing.cream.ws.Registration;
import org.spinor.plugins.computing.cream.ws.SoapFault;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.Parallel;
import org.spinor.spi.Fault;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * One bulk submission, so that a stamp starts one pilot at most.
 *
 * <p>A job is registered first, and does nothing until it is started. Before anything is registered
 * the account's jobs are looked through for the stamps, which stand in their descriptions;
 * afterwards once more: whoever finds another job of a stamp then drops his own, waits a moment and
 * looks again. Of two that do this at the same time at least one sees the other, so that at most
 * one starts.
 *
 * <p>One registered job that was left behind is started, as often as anybody likes: CREAM starts a
 * job once. A pilot counts as accepted when CREAM is seen to have left that state.
 */
final class Submission {
  private static final int ROUNDS = 10;
  private static final int LOOKS = 12;
  private static final int SWEEPS = 6;
  private static final long FIRST_PAUSE = 50;

  private final CreamAccount account;
  private final CreamPort port;
  private final CreamSettings settings;
  private final Map<String, PilotSubmission> open;
  private final Deadline deadline;
  private final Map<String, SubmitResult> results = new LinkedHashMap<>();

  /** Names of the files of jobs that were dropped, by the job's number. */
  private final Map<String, String> dropped = new LinkedHashMap<>();

  /**
   * @param pilots by stamp, all of them valid
   */
  Submission(
      CreamAccount account,
      CreamSettings settings,
      Map<String, PilotSubmission> pilots,
      Deadline deadline) {
    this.account = account;
    this.port = account.port();
    this.settings = settings;
    this.open = new LinkedHashMap<>(pilots);
    this.deadline = deadline;
  }

  /** Results by stamp. */
  Map<String, SubmitResult> run() {
    try {
      for (int round = 0; round < ROUNDS && !open.isEmpty() && !deadline.isOver(); round++) {
        if (round > 0) {
          pause(ThreadLocalRandom.current().nextLong(FIRST_PAUSE, FIRST_PAUSE * 4 * round + 100));
        }
        round();
      }
    } catch (SoapFault fault) {
      if (!fault.isSubmissionDisabled()) {
        throw fault.told();
      }
      String reason = String.valueOf(fault.getMessage());
      List.copyOf(open.keySet()).forEach(stamp -> refuse(stamp, Fault.TEMPORARY, reason));
    }
    sweep();
    List.copyOf(open.keySet())
        .forEach(stamp -> refuse(stamp, Fault.TEMPORARY, "another server sends it at this moment"));
    return results;
  }

  private void round() {
    Map<String, List<Job>> found = account.jobs(open.keySet(), deadline);
    Map<String, String> ready = settle(found);
    List<PilotSubmission> missing =
        open.values().stream().filter(pilot -> !found.containsKey(pilot.stamp())).toList();
    if (!missing.isEmpty()) {
      ready.putAll(alone(register(missing)));
    }
    start(ready);
  }

  /**
   * Answers for what has started, and clears up among what has not.
   *
   * @return jobs to start by stamp
   */
  private Map<String, String> settle(Map<String, List<Job>> found) {
    Map<String, String> ready = new LinkedHashMap<>();
    found.forEach(
        (stamp, jobs) -> {
          List<Job> waiting = jobs.stream().filter(job -> job.is(CreamState.REGISTERED)).toList();
          if (waiting.size() < jobs.size()) {
            waiting.forEach(job -> drop(job.id(), Jdl.name(job.jdl()).orElse("")));
            jobs.stream()
                .filter(job -> !job.is(CreamState.REGISTERED))
                .max(Comparator.comparingInt(Submission::rank))
                .ifPresent(job -> accept(stamp, job.id()));
          } else if (waiting.size() == 1) {
            ready.put(stamp, waiting.getFirst().id());
          } else {
            // Somebody may be about to start any of them: all go, and the next look begins anew.
            waiting.forEach(job -> drop(job.id(), Jdl.name(job.jdl()).orElse("")));
          }
        });
    return ready;
  }

  /** Of several jobs of a stamp at most one ever ran. */
  private static int rank(Job job) {
    return job.state()
        .map(
            state ->
                switch (state) {
                  case PURGED, REGISTERED -> 0;
                  case CANCELLED, ABORTED -> 1;
                  case PENDING, IDLE, HELD -> 2;
                  case RUNNING, REALLY_RUNNING, DONE_OK, DONE_FAILED -> 3;
                })
        .orElse(2);
  }

  private record Registered(String id, String name) {}

  /** Puts the files into the folder and describes the jobs. */
  private Map<String, Registered> register(List<PilotSubmission> missing) {
    String delegation = account.delegations().current(settings.renewal(), deadline);
    Map<PilotSubmission, String> names = sendFiles(missing);
    Map<String, Registered> registered = new LinkedHashMap<>();
    if (names.isEmpty()) {
      return registered;
    }
    List<Registration.Description> descriptions = new ArrayList<>();
    names.forEach(
        (pilot, name) ->
            descriptions.add(
                new Registration.Description(
                    pilot.stamp(), Jdl.of(pilot, settings, name), delegation)));
    Iterator<Registration> answers;
    try {
      answers = port.register(descriptions, deadline).iterator();
    } catch (SoapFault fault) {
      names.values().forEach(this::removeFiles);
      throw fault;
    }
    names.forEach(
        (pilot, name) -> {
          String stamp = pilot.stamp();
          switch (answers.next()) {
            case Registration.Done(String id) -> {
              account.remember(id, stamp);
              registered.put(stamp, new Registered(id, name));
            }
            case Registration.Failed failed -> {
              if (failed.isOfDelegation()) {
                account.delegations().forget(delegation);
              }
              removeFiles(name);
              refuse(stamp, fault(failed), "CREAM: " + failed.fault() + " " + failed.reason());
            }
          }
        });
    return registered;
  }

  /** Names of the files of those whose files are in the folder now. */
  private Map<PilotSubmission, String> sendFiles(List<PilotSubmission> missing) {
    Map<PilotSubmission, String> names = new LinkedHashMap<>();
    Parallel.each(
            missing,
            pilot -> {
              String name = Jdl.newName(pilot.stamp());
              String url = Store.url(settings.service(), name);
              String script = StartScript.of(pilot, settings, url, CreamElement.MOST_OUTPUT);
              account.store().put(name, script, deadline);
              return name;
            })
        .forEach(
            (pilot, result) -> {
              switch (result) {
                case Parallel.Result.Value<String>(String name) -> names.put(pilot, name);
                case Parallel.Result.Failure<String>(TemporaryException reason) ->
                    refuse(
                        pilot.stamp(),
                        Fault.TEMPORARY,
                        "its files could not be sent: " + reason.getMessage());
                // Nothing will work before somebody has acted.
                case Parallel.Result.Failure<String>(var reason) -> throw reason;
              }
            });
    return names;
  }

  /** CREAM tells everything that goes wrong with a description as a generic fault. */
  private static Fault fault(Registration.Failed failed) {
    String reason = failed.reason();
    boolean ours =
        List.of("not supported", "mandatory", "not allowed", "Unable to parse", "wrong type")
            .stream()
            .anyMatch(reason::contains);
    return ours ? Fault.PLATFORM : Fault.TEMPORARY;
  }

  /** Drops jobs of ours that somebody else has registered too. */
  private Map<String, String> alone(Map<String, Registered> registered) {
    Map<String, String> alone = new LinkedHashMap<>();
    if (registered.isEmpty()) {
      return alone;
    }
    Map<String, List<Job>> again = account.jobs(registered.keySet(), deadline);
    registered.forEach(
        (stamp, mine) -> {
          List<String> ids = again.getOrDefault(stamp, List.of()).stream().map(Job::id).toList();
          if (ids.equals(List.of(mine.id()))) {
            alone.put(stamp, mine.id());
            return;
          }
          drop(mine.id(), mine.name());
        });
    return alone;
  }

  private void start(Map<String, String> ready) {
    Map<String, String> started = new LinkedHashMap<>();
    Parallel.each(
            List.copyOf(ready.keySet()),
            stamp -> port.start(ready.getOrDefault(stamp, ""), deadline))
        .forEach(
            (stamp, result) -> {
              switch (result) {
                case Parallel.Result.Value<Answer>(Answer answer) -> {
                  if (answer instanceof Answer.Failed(String fault, String reason)) {
                    refuse(stamp, Fault.TEMPORARY, "CREAM: " + fault + " " + reason);
                  } else {
                    // Unknown or in another state: somebody else was quicker; the look tells.
                    started.put(stamp, ready.getOrDefault(stamp, ""));
                  }
                }
                case Parallel.Result.Failure<Answer>(var reason) ->
                    refuse(stamp, Fault.TEMPORARY, String.valueOf(reason.getMessage()));
              }
            });
    seeStarted(started);
  }

  /** Orders are carried out soon after they are taken. */
  private void seeStarted(Map<String, String> started) {
    Map<String, String> left = new LinkedHashMap<>(started);
    for (int look = 0; look < LOOKS && !left.isEmpty() && !deadline.isOver(); look++) {
      if (look > 0) {
        pause(Math.min(FIRST_PAUSE << look, 2000));
      }
      Map<String, Job> known = account.known(List.copyOf(left.values()), deadline);
      Map.copyOf(left)
          .forEach(
              (stamp, id) -> {
                Job job = known.get(id);
                if (job == null) {
                  // Dropped by somebody: it stays open.
                  left.remove(stamp);
                } else if (!job.is(CreamState.REGISTERED)) {
                  left.remove(stamp);
                  accept(stamp, id);
                }
              });
    }
    left.forEach(
        (stamp, id) -> refuse(stamp, Fault.TEMPORARY, "CREAM has not yet started its job " + id));
  }

  private void drop(String id, String name) {
    port.drop(id, deadline);
    dropped.put(id, name);
  }

  /** Removes the files of dropped jobs; one that somebody started in between keeps them. */
  private void sweep() {
    try {
      for (int look = 0; look < SWEEPS && !dropped.isEmpty() && !deadline.isOver(); look++) {
        if (look > 0) {
          pause(FIRST_PAUSE << look);
        }
        Map<String, Job> known = account.known(List.copyOf(dropped.keySet()), deadline);
        Map.copyOf(dropped)
            .forEach(
                (id, name) -> {
                  Job job = known.get(id);
                  if (job == null && !name.isEmpty()) {
                    removeFiles(name);
                  }
                  if (job == null || !job.is(CreamState.REGISTERED)) {
                    dropped.remove(id);
                  }
                });
      }
    } catch (TemporaryException e) {
      // They stay behind, and nobody can guess their names.
    }
  }

  /** Whoever looks after the folder removes what stays behind. */
  private void removeFiles(String name) {
    try {
      account.store().remove(name, deadline);
    } catch (PluginException e) {
      // No reason to fail: nobody can guess the name.
    }
  }

  private void pause(long milliseconds) {
    try {
      Thread.sleep(Duration.ofMillis(Math.min(milliseconds, deadline.left().toMillis())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
  }

  private void accept(String stamp, String id) {
    open.remove(stamp);
    results.put(stamp, new SubmitResult.Accepted(stamp, new PilotReference(id)));
  }

  private void refuse(String stamp, Fault fault, String reason) {
    open.remove(stamp);
    results.put(stamp, new SubmitResult.Refused(stamp, fault, reason));
  }
}
