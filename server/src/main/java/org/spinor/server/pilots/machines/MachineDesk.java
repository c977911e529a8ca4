package org.spinor.server.pilots.machines;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineAnswer.State;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineJoin;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Secrets;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.life.PilotRegistration;
import org.springframework.stereotype.Component;

/**
 * Hears machines that run pilots by themselves. A machine that is in holds a place of its queue by
 * a lease; places are counted and taken under one lock, so the limits hold whoever comes at the
 * same moment. It is given a pilot when there is a place for it and work for the pilot.
 */
@Component
final class MachineDesk {
  private static final int MOST_ASKING = 1000;
  private static final int ASK_AGAIN = 5;
  private static final int USUAL_PAUSE = 30;
  private static final Duration FIRST_REST = Duration.ofSeconds(30);
  private static final Duration LONGEST_REST = Duration.ofMinutes(10);
  private static final int TRIES = 5;

  private final MachineTable machines;
  private final MachineSecretTable voSecrets;
  private final MachineOpenings openings;
  private final MachinePilots pilots;
  private final MachineProperties properties;
  private final Transactions transactions;

  MachineDesk(
      MachineTable machines,
      MachineSecretTable voSecrets,
      MachineOpenings openings,
      MachinePilots pilots,
      MachineProperties properties,
      Transactions transactions) {
    this.machines = machines;
    this.voSecrets = voSecrets;
    this.openings = openings;
    this.pilots = pilots;
    this.properties = properties;
    this.transactions = transactions;
  }

  /**
   * A machine comes, or comes again.
   *
   * @throws SpinorException 401 its VO's secret is not good, 422 what is said is wrong, 429 too
   *     many machines ask already
   */
  MachineAnswer join(MachineJoin join, String address) {
    check(join);
    byte[] hash = SecretKeeper.hash(join.secret());
    MachineTable.Who who =
        new MachineTable.Who(join.name(), Objects.requireNonNullElse(join.host(), ""), address);
    Optional<Machine> known = machines.find(hash);
    boolean undecided = known.isEmpty() || known.get().state() == Machine.State.asking;
    if (undecided && join.voSecret() != null) {
      MachineSecretTable.Valid valid =
          voSecrets
              .valid(SecretKeeper.hash(join.voSecret()))
              .orElseThrow(
                  () ->
                      new SpinorException(
                          ErrorCode.NOT_AUTHENTICATED,
                          "the secret of the VO is wrong, has expired or was revoked"));
      machines.admit(hash, who, valid.id(), valid.target());
    } else if (undecided) {
      ask(hash, who, Objects.requireNonNullElse(join.site(), ""));
    }
    return answer(machines.find(hash).orElseThrow(MachineDesk::unknown));
  }

  private void ask(byte[] hash, MachineTable.Who who, String wishedSite) {
    if (machines.asking() >= MOST_ASKING) {
      throw new SpinorException(
          ErrorCode.TOO_MANY_REQUESTS,
          "more than "
              + MOST_ASKING
              + " machines ask to join; operators must decide about them first");
    }
    for (int i = 0; i < TRIES; i++) {
      if (machines.ask(hash, who, wishedSite, Secrets.userCode(), properties.codeLife())) {
        return;
      }
    }
    throw new SpinorException(ErrorCode.UNAVAILABLE, "no free code was found; try again");
  }

  private static void check(MachineJoin join) {
    List<String> problems = new ArrayList<>();
    PilotRegistration.length(problems, "secret", join.secret(), 32, 200);
    PilotRegistration.length(problems, "name", join.name(), 1, 128);
    PilotRegistration.length(problems, "host", join.host(), 0, 255);
    PilotRegistration.length(problems, "site", join.site(), 0, 128);
    PilotRegistration.length(problems, "vo_secret", join.voSecret(), 1, 200);
    for (@Nullable String text : new @Nullable String[] {join.name(), join.host(), join.site()}) {
      if (text != null && text.chars().anyMatch(Character::isISOControl)) {
        problems.add("name, host and site have no control characters");
        break;
      }
    }
    if (!problems.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
  }

  private static SpinorException unknown() {
    return new SpinorException(
        ErrorCode.NOT_AUTHENTICATED,
        "no machine with this secret is known here; it must join first");
  }

  private Machine machine(MachineCall call) {
    return machines.find(SecretKeeper.hash(call.secret())).orElseThrow(MachineDesk::unknown);
  }

  /** Where the machine stands, without asking for anything. */
  private MachineAnswer answer(Machine machine) {
    return switch (machine.state()) {
      case asking ->
          machine.codeValid()
              ? new MachineAnswer(
                  State.Asking,
                  "an operator has to let it in",
                  properties.pauseSeconds(ASK_AGAIN),
                  machine.code().orElse(null),
                  null,
                  null)
              : new MachineAnswer(
                  State.Expired, "nobody used its code in time", 1, null, null, null);
      case refused, removed ->
          new MachineAnswer(State.Refused, machine.reason(), 0, null, null, null);
      case joined -> told(machine, State.Joined, "", properties.pauseSeconds(60));
    };
  }

  private static MachineAnswer told(Machine machine, State state, String reason, int seconds) {
    return new MachineAnswer(state, reason, seconds, null, place(machine), null);
  }

  private static MachineAnswer.MachinePlace place(Machine machine) {
    Pilots.Queue place = machine.place();
    return new MachineAnswer.MachinePlace(place.site(), place.ce(), place.name(), machine.vo());
  }

  /** The machine runs no pilot and wants one. Whatever pilot it had before is over. */
  MachineAnswer pilot(MachineCall call, String address) {
    Machine machine = machine(call);
    if (machine.state() != Machine.State.joined) {
      machines.heard(machine.id(), address, "");
      return answer(machine);
    }
    Optional<Configuration.Queue> queue = openings.queue(machine.place());
    Optional<String> closed = openings.closed(machine, queue);
    boolean work =
        closed.isEmpty() && queue.isPresent() && openings.hasWork(queue.get(), machine.vo());
    return transactions.in(
        () -> {
          machines.lockPlaces(machine.place());
          Machine now = machines.lock(machine.id());
          pilots.over(now, "its machine says that it is gone");
          return decide(now, queue, closed, work, address);
        });
  }

  private MachineAnswer decide(
      Machine machine,
      Optional<Configuration.Queue> queue,
      Optional<String> closed,
      boolean work,
      String address) {
    if (machine.state() != Machine.State.joined) {
      return answer(machine);
    }
    if (machine.drain()) {
      machines.freePlace(machine.id());
      machines.heard(machine.id(), address, "");
      return told(machine, State.Drain, machine.reason(), properties.pauseSeconds(USUAL_PAUSE));
    }
    if (closed.isPresent() || queue.isEmpty()) {
      machines.freePlace(machine.id());
      return wait(machine, closed.orElse("its queue is gone"), 60, address);
    }
    Optional<String> full = full(machine, queue.get());
    if (full.isPresent()) {
      machines.freePlace(machine.id());
      return wait(machine, full.get(), USUAL_PAUSE, address);
    }
    machines.holdPlace(machine.id(), properties.lease());
    if (!work) {
      return wait(machine, "no work waits for it", USUAL_PAUSE, address);
    }
    Optional<MachineTable.Rest> rest = machines.rest(machine.id(), FIRST_REST, LONGEST_REST);
    if (rest.isPresent() && rest.get().seconds() > 0) {
      return wait(
          machine,
          "its last pilot ended without a job: " + rest.get().why(),
          (int) Math.ceil(rest.get().seconds()),
          address);
    }
    machines.heard(machine.id(), address, "");
    return new MachineAnswer(
        State.Run,
        "",
        properties.pauseSeconds(60),
        null,
        place(machine),
        pilots.next(machine, queue.get()));
  }

  /** Waits for as long as the cause may take, but no longer than its lease allows. */
  private MachineAnswer wait(Machine machine, String reason, int seconds, String address) {
    machines.heard(machine.id(), address, reason);
    return told(machine, State.Wait, reason, properties.pauseSeconds(Math.max(1, seconds)));
  }

  /** Why there is no place for it; under the lock of the places. */
  private Optional<String> full(Machine machine, Configuration.Queue queue) {
    MachineTable.Held held = machines.held(machine);
    if (held.others() >= queue.maxPilots()) {
      return Optional.of(
          "the site is full: %d of %d machines (MaxTotalPilots)"
              .formatted(held.others(), queue.maxPilots()));
    }
    return machine
        .secretId()
        .flatMap(voSecrets::most)
        .filter(most -> held.ofSecret() >= most)
        .map(most -> "as many machines as its secret lets in are there: " + most);
  }

  /** The machine and its pilot are there. */
  MachineAnswer heartbeat(MachineCall call, String address) {
    Machine machine = machine(call);
    if (machine.state() != Machine.State.joined) {
      machines.heard(machine.id(), address, "");
      return answer(machine);
    }
    Optional<Configuration.Queue> queue = openings.queue(machine.place());
    return transactions.in(
        () -> {
          machines.lockPlaces(machine.place());
          Machine now = machines.lock(machine.id());
          machines.heard(now.id(), address, "");
          if (now.state() != Machine.State.joined) {
            return answer(now);
          }
          if (now.drain()) {
            return told(now, State.Drain, now.reason(), properties.pauseSeconds(60));
          }
          return keepPlace(now, queue, call.stamp());
        });
  }

  private MachineAnswer keepPlace(
      Machine machine, Optional<Configuration.Queue> queue, @Nullable String stamp) {
    MachineTable.Held held = machines.held(machine);
    Optional<String> full =
        held.mine() || queue.isEmpty() ? Optional.empty() : full(machine, queue.get());
    if (full.isEmpty()) {
      machines.holdPlace(machine.id(), properties.lease());
      return told(machine, State.Joined, "", properties.pauseSeconds(60));
    }
    String reason = "it was silent, and its place was given to another machine";
    if (stamp != null && machines.living(machine.id()).contains(stamp)) {
      pilots.drain(stamp, reason);
    }
    return told(machine, State.Wait, reason, properties.pauseSeconds(60));
  }

  /** The machine stops: its place is free, its pilot is over. */
  MachineAnswer leave(MachineCall call, String address) {
    Machine machine = machine(call);
    return transactions.in(
        () -> {
          pilots.over(machine, "its machine was stopped");
          machines.freePlace(machine.id());
          machines.heard(machine.id(), address, "it was stopped");
          return answer(machine);
        });
  }
}
