package org.spinor.server.pilots.machines;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineInfo;
import org.spinor.api.MachineRefusal;
import org.spinor.api.MachineSecretInfo;
import org.spinor.api.MachineSecretRequest;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.Secrets;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.PilotRegistration;
import org.spinor.server.pilots.life.PilotRegistry;
import org.springframework.stereotype.Component;

/** Machines let in, drained and taken out by operators; the secrets that let machines in. */
@Component
final class MachineAdministration {
  private static final Logger log = LoggerFactory.getLogger(MachineAdministration.class);
  private static final long USUAL_LIFE = Duration.ofDays(30).toSeconds();
  private static final long LONGEST_LIFE = Duration.ofDays(5 * 365).toSeconds();
  private static final int LONGEST_TEXT = 255;

  private final MachineTable machines;
  private final MachineBoard board;
  private final MachineSecretTable secrets;
  private final MachineQueues queues;
  private final PilotRegistry registry;
  private final Transactions transactions;

  MachineAdministration(
      MachineTable machines,
      MachineBoard board,
      MachineSecretTable secrets,
      MachineQueues queues,
      PilotRegistry registry,
      Transactions transactions) {
    this.machines = machines;
    this.board = board;
    this.secrets = secrets;
    this.queues = queues;
    this.registry = registry;
    this.transactions = transactions;
  }

  List<MachineInfo> list(Caller caller, @Nullable String site, @Nullable String state) {
    return board.list(only(caller), storable(site), storable(state));
  }

  /** PostgreSQL keeps no NUL characters, and does not look for them. */
  private static @Nullable String storable(@Nullable String text) {
    return text == null ? null : text.replace("\0", "");
  }

  private static @Nullable String only(Caller caller) {
    return caller.reach() == Caller.Reach.ALL ? null : caller.vo();
  }

  MachineInfo approve(Caller caller, MachineApproval approval) {
    MachineQueues.Target target =
        queues.find(caller, approval.site(), approval.queue(), approval.vo());
    String code = code(approval.code());
    long id =
        machines.approve(code, target, caller.username()).orElseThrow(() -> unknownCode(code));
    MachineInfo approved = shown(id);
    log.info(
        "{} let in machine {} ({}) at {} for VO {}",
        caller.username(),
        id,
        approved.name(),
        target.place(),
        target.vo());
    return approved;
  }

  MachineInfo refuse(Caller caller, MachineRefusal refusal) {
    String code = code(refusal.code());
    String reason = because("refused by " + caller.username(), refusal.reason());
    long id = machines.refuse(code, reason).orElseThrow(() -> unknownCode(code));
    log.info("machine {} is {}", id, reason);
    return shown(id);
  }

  /** As people type it. */
  private static String code(String typed) {
    return typed.replaceAll("[^A-Za-z]", "").toUpperCase(Locale.ROOT);
  }

  private static SpinorException unknownCode(String code) {
    return new SpinorException(
        ErrorCode.NOT_FOUND,
        "no machine asks with the code '%s': it was mistyped, is used already, or has ended; 'spinor pilots requests' shows those that ask"
            .formatted(code.length() > 20 ? code.substring(0, 20) + "..." : code));
  }

  private static String because(String what, @Nullable String reason) {
    return Endings.cut(reason == null || reason.isBlank() ? what : what + ": " + reason);
  }

  /** The machine finishes what it runs and starts no pilot until it is told otherwise. */
  MachineInfo drain(Caller caller, long id, @Nullable String reason) {
    requireReachable(caller, id);
    drain(id, because("drained by " + caller.username(), reason));
    return shown(id);
  }

  private void drain(long id, String why) {
    transactions.run(
        () -> {
          machines.lock(id);
          machines.drain(id, true, why);
          machines.living(id).forEach(stamp -> registry.drain(stamp, "its machine is " + why));
        });
  }

  MachineInfo undrain(Caller caller, long id) {
    requireReachable(caller, id);
    machines.drain(id, false, "");
    return shown(id);
  }

  /** The machine is out: its pilot drains, and it must ask anew. */
  MachineInfo remove(Caller caller, long id, @Nullable String reason) {
    requireReachable(caller, id);
    String why = because("taken out by " + caller.username(), reason);
    transactions.run(
        () -> {
          machines.lock(id);
          machines.remove(id, why);
          machines.living(id).forEach(stamp -> registry.drain(stamp, "its machine was " + why));
        });
    return shown(id);
  }

  private void requireReachable(Caller caller, long id) {
    if (machines.reachable(id, only(caller)).isEmpty()) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND, "no machine " + id + "; 'spinor machines list' shows them");
    }
  }

  private MachineInfo shown(long id) {
    return board
        .one(id)
        .orElseThrow(() -> new SpinorException(ErrorCode.NOT_FOUND, "no machine " + id));
  }

  List<MachineSecretInfo> secrets(Caller caller) {
    return secrets.list(only(caller));
  }

  /**
   * The queue that a secret is for.
   *
   * @throws SpinorException all that is wrong with the request
   */
  private MachineQueues.Target target(
      Caller caller, MachineSecretRequest request, long life, String note) {
    List<String> problems = new ArrayList<>();
    if (life < 60 || life > LONGEST_LIFE) {
      problems.add("expires_seconds: expected 60 to " + LONGEST_LIFE + ", got " + life);
    }
    Integer most = request.maxMachines();
    if (most != null && most < 1) {
      problems.add("max_machines: expected 1 or more, got " + most);
    }
    PilotRegistration.length(problems, "note", note, 0, LONGEST_TEXT);
    MachineQueues.@Nullable Target target = null;
    try {
      target = queues.find(caller, request.site(), request.queue(), request.vo());
    } catch (SpinorException e) {
      if (e.code() != ErrorCode.UNPROCESSABLE) {
        throw e;
      }
      problems.addAll(e.problems());
    }
    if (target == null || !problems.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
    return target;
  }

  /** A fresh secret; the only time that it is shown. */
  MachineSecretInfo createSecret(Caller caller, MachineSecretRequest request) {
    long life = Objects.requireNonNullElse(request.expiresSeconds(), USUAL_LIFE);
    String note = Objects.requireNonNullElse(request.note(), "");
    MachineQueues.Target target = target(caller, request, life, note);
    // A name at its front: whoever finds it in a repository sees what it is.
    String secret = "spinor-machines-" + Secrets.random();
    long id =
        secrets.create(
            SecretKeeper.hash(secret),
            target,
            Duration.ofSeconds(life),
            request.maxMachines(),
            note,
            caller.username());
    log.info(
        "{} made secret {} for machines at {} for VO {}",
        caller.username(),
        id,
        target.place(),
        target.vo());
    MachineSecretInfo made = secret(id);
    return new MachineSecretInfo(
        made.id(),
        made.state(),
        made.vo(),
        made.site(),
        made.ce(),
        made.queue(),
        made.maxMachines(),
        made.machines(),
        made.note(),
        made.createdBy(),
        made.created(),
        made.expires(),
        secret);
  }

  /**
   * Nobody joins with the secret any more.
   *
   * @param drain whether the machines that came with it are drained too
   */
  MachineSecretInfo revokeSecret(Caller caller, long id, boolean drain) {
    if (!secrets.revoke(id, only(caller))) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND, "no secret " + id + "; 'spinor pilots secret list' shows them");
    }
    log.info("{} revoked secret {} for machines", caller.username(), id);
    if (drain) {
      String why = "drained by " + caller.username() + ": its secret was revoked";
      machines.withSecret(id).forEach(machine -> drain(machine, why));
    }
    return secret(id);
  }

  private MachineSecretInfo secret(long id) {
    return secrets
        .view(id)
        .orElseThrow(() -> new SpinorException(ErrorCode.NOT_FOUND, "no secret " + id));
  }
}
