package org.spinor.server.pilots.administration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.PilotRegistration;
import org.spinor.server.pilots.life.PilotRegistry;
import org.springframework.stereotype.Component;

/** Pilots registered, described, drained and ended by people and by themselves. */
@Component
public final class PilotAdministration {
  private static final int MOST = 10_000;

  private final PilotRegistry registry;
  private final Contacts contacts;
  private final Endings endings;
  private final Configurations configurations;
  private final Jobs jobs;
  private final Transactions transactions;

  PilotAdministration(
      PilotRegistry registry,
      Contacts contacts,
      Endings endings,
      Configurations configurations,
      Jobs jobs,
      Transactions transactions) {
    this.registry = registry;
    this.contacts = contacts;
    this.endings = endings;
    this.configurations = configurations;
    this.jobs = jobs;
    this.transactions = transactions;
  }

  void register(Caller caller, PilotRegistration pilot) {
    pilot.check();
    if (!configurations.current().registry().containsKey(pilot.vo())) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "VO '" + pilot.vo() + "' is not registered in this installation.");
    }
    if (caller.reach() != Caller.Reach.ALL && !caller.vo().equals(pilot.vo())) {
      throw forbidden("Pilots can only be registered for your own VO.");
    }
    registry.register(pilot);
  }

  /** Changes what is said of pilots; all of them or none. */
  void describe(Caller caller, Map<String, PilotMetadata> changes) {
    if (changes.isEmpty()) {
      return;
    }
    check(caller, changes);
    transactions.run(
        () -> {
          Map<String, String> vos = registry.lock(changes.keySet());
          if (vos.size() < changes.size()) {
            throw new SpinorException(ErrorCode.NOT_FOUND, "At least one pilot does not exist.");
          }
          if (caller.reach() == Caller.Reach.VO
              && vos.values().stream().anyMatch(vo -> !vo.equals(caller.vo()))) {
            throw forbidden("Insufficient permissions to access all of the provided pilots.");
          }
          apply(caller, changes);
        });
  }

  private static void check(Caller caller, Map<String, PilotMetadata> changes) {
    if (changes.size() > MOST) {
      throw new SpinorException(ErrorCode.TOO_LARGE, "at most " + MOST + " pilots in one request");
    }
    if (caller.reach() == Caller.Reach.OWN
        && !caller.pilotStamp().map(changes.keySet()::contains).orElse(false)) {
      throw forbidden("Insufficient permissions to access all of the provided pilots.");
    }
    if (caller.reach() != Caller.Reach.ALL && changes.size() > 1) {
      throw forbidden("Insufficient permissions to modify more than one pilot.");
    }
    List<String> problems = new ArrayList<>();
    changes.forEach((stamp, metadata) -> check(problems, stamp, metadata));
    if (!problems.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
  }

  private static void check(List<String> problems, String stamp, @Nullable PilotMetadata metadata) {
    if (metadata == null) {
      problems.add(stamp + ": expected an object, got null");
      return;
    }
    PilotRegistration.length(problems, stamp + ": StatusReason", metadata.statusReason(), 0, 255);
    PilotRegistration.length(
        problems, stamp + ": DestinationSite", metadata.destinationSite(), 0, 128);
    PilotRegistration.length(problems, stamp + ": Queue", metadata.queue(), 0, 128);
    PilotRegistration.length(problems, stamp + ": GridSite", metadata.gridSite(), 0, 128);
    PilotRegistration.length(problems, stamp + ": GridType", metadata.gridType(), 0, 32);
    if (metadata.benchMark() != null && !Double.isFinite(metadata.benchMark())) {
      problems.add(stamp + ": BenchMark is a number");
    }
  }

  private void apply(Caller caller, Map<String, PilotMetadata> changes) {
    List<PilotRegistry.Change> alive = new ArrayList<>();
    Map<String, PilotMetadata> ends = new LinkedHashMap<>();
    changes.forEach(
        (stamp, metadata) -> {
          // A pilot chooses neither its place nor its end after somebody else has ended it.
          PilotMetadata allowed =
              caller.reach() == Caller.Reach.OWN ? withoutPlace(stamp, metadata) : metadata;
          boolean end = metadata.status() != null && metadata.status().isFinal();
          if (end) {
            ends.put(stamp, allowed);
          }
          PilotMetadata rest = end ? withoutStatus(allowed) : allowed;
          if (saysSomething(rest)) {
            alive.add(new PilotRegistry.Change(stamp, rest));
          }
        });
    if (!alive.isEmpty()) {
      registry.change(alive, caller.reach() != Caller.Reach.OWN);
    }
    ends.forEach(
        (stamp, metadata) ->
            endings.end(
                List.of(stamp),
                Objects.requireNonNull(metadata.status()),
                Objects.requireNonNullElse(metadata.statusReason(), "Unknown"),
                false,
                caller.reach() != Caller.Reach.OWN));
  }

  private static boolean saysSomething(PilotMetadata metadata) {
    return !metadata.equals(
        new PilotMetadata(null, null, null, null, null, null, null, null, null));
  }

  private PilotMetadata withoutPlace(String stamp, PilotMetadata said) {
    return new PilotMetadata(
        said.statusReason(),
        said.status(),
        said.benchMark(),
        null,
        null,
        null,
        null,
        null,
        ownJob(stamp, said.currentJobId()));
  }

  /** A pilot does not tie itself to a job that it was not given. */
  private @Nullable Long ownJob(String stamp, @Nullable Long job) {
    if (job == null || job == 0) {
      return job;
    }
    long named = job;
    boolean own =
        jobs.attemptsOf(stamp).stream().anyMatch(attempt -> attempt.jobId().value() == named);
    return own ? job : null;
  }

  private static PilotMetadata withoutStatus(PilotMetadata said) {
    return new PilotMetadata(
        said.statusReason(),
        null,
        said.benchMark(),
        said.destinationSite(),
        said.queue(),
        said.gridSite(),
        said.gridType(),
        said.accountingSent(),
        said.currentJobId());
  }

  void drain(Caller caller, String stamp) {
    contacts.reachable(caller, stamp);
    registry.drain(stamp, "drained by " + caller.username());
  }

  /** Ends a pilot: its jobs wait again at once, and it hears of it when it next speaks. */
  void kill(Caller caller, String stamp) {
    contacts.reachable(caller, stamp);
    endings.end(List.of(stamp), PilotStatus.Deleted, "killed by " + caller.username(), false, true);
  }

  private static SpinorException forbidden(String text) {
    return new SpinorException(ErrorCode.FORBIDDEN, text);
  }
}
