package org.spinor.plugins.computing.batch;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.plugins.computing.batch.system.BatchJob;
import org.spinor.plugins.computing.batch.system.BatchSystem;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * One call to submit. Whoever makes a pilot's folder submits it; equal pilots go as one array; what
 * the batch system calls them is written down. If that is cut short anywhere, the next submission
 * of the same stamps looks for the jobs by the name of their batch before anything is sent again,
 * and a pilot that was sent twice all the same runs once, because its folder is taken by the first.
 */
final class Submission {
  private static final RandomGenerator RANDOM = new SecureRandom();
  private static final Duration POLL = Duration.ofMillis(300);
  private static final String UNSURE = "what came of an earlier submission is not known yet";

  private final Area area;
  private final Commands commands;
  private final BatchSystem system;
  private final BatchJob.Place place;
  private final int longestArray;
  private final Duration stale;
  private final Deadline deadline;
  private final Map<String, PilotSubmission> pilots;
  private final Map<String, SubmitResult> results = new LinkedHashMap<>();

  /**
   * @param settings what does not change from call to call
   * @param pilots by stamp; all of them can run here
   */
  Submission(
      BatchComputingElement.Parts settings,
      Map<String, PilotSubmission> pilots,
      Duration limit,
      Deadline deadline) {
    this.area = settings.area();
    this.commands = settings.commands();
    this.system = settings.system();
    this.place = settings.settings().place();
    int most = settings.settings().programs().maxArray();
    this.longestArray = most > 0 ? Math.min(most, system.longestArray()) : system.longestArray();
    this.stale = limit.multipliedBy(2).plusMinutes(1);
    this.pilots = pilots;
    this.deadline = deadline;
  }

  /** By stamp. */
  Map<String, SubmitResult> run() {
    Map<String, String> batches = batches(pilots.values());
    Map<String, Area.Claim> claims = area.claim(batches, stale, deadline);
    Map<String, String> fresh = new LinkedHashMap<>();
    List<String> busy = new ArrayList<>();
    Map<String, String> forgotten = new LinkedHashMap<>();
    claims.forEach(
        (stamp, claim) -> {
          switch (claim.kind()) {
            case NEW -> fresh.put(stamp, batches.getOrDefault(stamp, ""));
            case OLD -> accept(stamp);
            case BUSY -> busy.add(stamp);
            case UNSURE -> refuse(stamp, Fault.TEMPORARY, UNSURE);
            case STALE -> forgotten.put(stamp, claim.otherBatch());
          }
        });
    fresh.putAll(takeOver(forgotten, batches));
    send(fresh);
    await(busy);
    pilots
        .keySet()
        .forEach(
            stamp ->
                results.putIfAbsent(
                    stamp,
                    new SubmitResult.Refused(stamp, Fault.TEMPORARY, "not reached in time")));
    return results;
  }

  /** The batch of each stamp: of the same size, and not longer than an array may be. */
  private Map<String, String> batches(Collection<PilotSubmission> submissions) {
    Map<String, String> batches = new LinkedHashMap<>();
    Map<PilotSubmission.Size, List<PilotSubmission>> bySize =
        submissions.stream()
            .collect(
                Collectors.groupingBy(
                    PilotSubmission::size, LinkedHashMap::new, Collectors.toList()));
    for (List<PilotSubmission> equal : bySize.values()) {
      String name = "";
      for (int i = 0; i < equal.size(); i++) {
        name = i % longestArray == 0 ? newName() : name;
        batches.put(equal.get(i).stamp(), name);
      }
    }
    return batches;
  }

  /** Letters and digits, at most 15: the least that any batch system takes. */
  private static String newName() {
    return "sp" + Long.toString(RANDOM.nextLong(1L << 60), 36);
  }

  /** Looks into submissions that nobody has finished; what was never sent is ours then. */
  private Map<String, String> takeOver(Map<String, String> forgotten, Map<String, String> batches) {
    Map<String, String> ours = new LinkedHashMap<>();
    Map<String, List<String>> byBatch =
        forgotten.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    stamp -> forgotten.getOrDefault(stamp, ""),
                    LinkedHashMap::new,
                    Collectors.toList()));
    byBatch.forEach(
        (batch, stamps) -> {
          List<String> members = batch.isEmpty() ? List.of() : area.members(batch, deadline);
          List<String> jobs = members.isEmpty() ? List.of() : find(batch, members);
          if (!jobs.isEmpty()) {
            settle(members, jobs);
            stamps.forEach(this::accept);
            return;
          }
          area.forget(stamps, deadline);
          Map<String, String> again =
              stamps.stream()
                  .collect(
                      Collectors.toMap(
                          Function.identity(),
                          stamp -> batches.getOrDefault(stamp, ""),
                          (a, b) -> a,
                          LinkedHashMap::new));
          area.claim(again, stale, deadline)
              .forEach(
                  (stamp, claim) -> {
                    if (claim.kind() == Area.Claim.Kind.NEW) {
                      ours.put(stamp, again.getOrDefault(stamp, ""));
                    }
                  });
        });
    return ours;
  }

  private void send(Map<String, String> fresh) {
    Map<String, List<String>> byBatch =
        fresh.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    stamp -> fresh.getOrDefault(stamp, ""),
                    LinkedHashMap::new,
                    Collectors.toList()));
    if (byBatch.isEmpty()) {
      return;
    }
    Bundle bundle = new Bundle();
    Map<String, BatchJob> jobs = new LinkedHashMap<>();
    byBatch.forEach(
        (name, stamps) -> {
          BatchJob job = job(name, stamps);
          jobs.put(name, job);
          pack(bundle, job, stamps);
        });
    area.unpack(bundle, deadline);
    List<String> unsent = new ArrayList<>(fresh.keySet());
    try {
      jobs.forEach(
          (name, job) -> {
            List<String> stamps = byBatch.getOrDefault(name, List.of());
            send(job, stamps);
            unsent.removeAll(stamps);
          });
    } catch (MisconfiguredException | RefusedException e) {
      // Nothing of these was sent: nobody has to wait until they count as forgotten.
      area.forget(unsent, deadline);
      throw e;
    }
  }

  private BatchJob job(String name, List<String> members) {
    PilotSubmission first = pilots.get(members.getFirst());
    PilotSubmission.Size size = first == null ? PilotSubmission.Size.oneCore() : first.size();
    return new BatchJob(
        name, area.batch(name), area.path(), area.tools(), members.size(), size, place);
  }

  private void pack(Bundle bundle, BatchJob job, List<String> stamps) {
    String folder = Area.BATCHES + "/" + job.name();
    bundle.folder(folder);
    // OAR runs it as a program, the others read it.
    bundle.program(folder, "job", system.script(job));
    bundle.file(folder, "list", String.join("\n", stamps) + "\n");
    StringBuilder names = new StringBuilder();
    int task = 1;
    for (String stamp : stamps) {
      PilotSubmission pilot = pilots.get(stamp);
      if (pilot != null) {
        names.append(stamp).append(" work/pilot.sh, ");
        pilot.files().forEach(file -> names.append("work/").append(file.name()).append(", "));
        names.append("environment\n");
        bundle.file(stamp, "task", task + "\n");
        bundle.file(stamp, "environment", environment(pilot.environment()));
        bundle.folder(stamp + "/work");
        bundle.file(stamp + "/work", "pilot.sh", pilot.script());
        pilot.files().forEach(file -> bundle.file(stamp + "/work", file.name(), file.content()));
      }
      task++;
    }
    if (!system.sharesFiles()) {
      bundle.file(folder, "files", names.toString());
    }
  }

  /** To be read by a shell: whatever a value holds, it stays text. */
  private static String environment(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    variables.forEach(
        (name, value) ->
            text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
    return text.toString();
  }

  private void send(BatchJob job, List<String> stamps) {
    BatchCommand command = system.submit(job);
    try {
      Host.Answer answer = commands.order(command, deadline);
      List<String> ids =
          answer.exitCode() == 0 ? system.submitted(job, answer.output()) : List.of();
      if (!ids.isEmpty()) {
        settle(stamps, ids);
        stamps.forEach(this::accept);
        return;
      }
      String words = commands.failure(command, answer);
      if (answer.exitCode() != 0 && commands.fault(answer) == Fault.PLATFORM) {
        // It said no, and meant it.
        area.forget(stamps, deadline);
        stamps.forEach(stamp -> refuse(stamp, Fault.PLATFORM, words));
      } else {
        lookAgain(job.name(), stamps, words);
      }
    } catch (TemporaryException e) {
      lookAgain(job.name(), stamps, String.valueOf(e.getMessage()));
    }
  }

  /** Whether jobs were taken is not clear: the batch system may know them by their name. */
  private void lookAgain(String batch, List<String> stamps, String words) {
    List<String> ids = List.of();
    try {
      ids = find(batch, stamps);
      if (!ids.isEmpty()) {
        settle(stamps, ids);
        stamps.forEach(this::accept);
      }
    } catch (TemporaryException e) {
      // It stays unclear, and is looked into once more with the next submission.
    }
    if (ids.isEmpty()) {
      stamps.forEach(stamp -> refuse(stamp, Fault.TEMPORARY, words));
    }
  }

  private List<String> find(String batch, List<String> members) {
    BatchJob job = job(batch, members);
    Optional<BatchCommand> command = system.find(job);
    return command.isEmpty() ? List.of() : system.found(job, commands.ask(command.get(), deadline));
  }

  private void settle(List<String> stamps, List<String> ids) {
    Map<String, String> jobs = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(stamps.size(), ids.size()); i++) {
      jobs.put(stamps.get(i), ids.get(i));
    }
    area.record(jobs, deadline);
  }

  /** Somebody else is about to submit these: waits to see whether it works. */
  private void await(List<String> busy) {
    List<String> left = new ArrayList<>(busy);
    Deadline patience = Deadline.in(deadline.left().dividedBy(2));
    while (!left.isEmpty()) {
      Map<String, Marks> marks = area.look(left, deadline);
      for (String stamp : List.copyOf(left)) {
        Marks found = marks.get(stamp);
        if (found == null) {
          refuse(stamp, Fault.TEMPORARY, "another server could not submit it");
          left.remove(stamp);
        } else if (found.started() || !found.job().isEmpty()) {
          accept(stamp);
          left.remove(stamp);
        }
      }
      if (!left.isEmpty() && !patience.pause(POLL)) {
        left.forEach(stamp -> refuse(stamp, Fault.TEMPORARY, UNSURE));
        return;
      }
    }
  }

  private void accept(String stamp) {
    results.put(stamp, new SubmitResult.Accepted(stamp, new PilotReference(stamp)));
  }

  private void refuse(String stamp, Fault fault, String reason) {
    results.put(stamp, new SubmitResult.Refused(stamp, fault, reason));
  }
}
