package org.spinor.server.provisioning.queues;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.PilotStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotPackages;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.provisioning.spools.SpoolRow;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * Everything that is done at one queue: cancel, send, ask, purge. Whoever calls holds the queue.
 */
final class QueueWork {
  private static final Logger log = LoggerFactory.getLogger(QueueWork.class);
  private static final int PATIENCE = 3;

  /** Asking is cheaper than sending. */
  private static final int ASKED_FOR_ONE_SENT = 5;

  private final Pilots pilots;
  private final Elements elements;
  private final PilotPackages packages;
  private final QueueStates states;
  private final SpoolBoard spools;
  private final Follow follow;
  private final TimedCalls calls;
  private final ProvisioningProperties properties;
  private final CallSizes sizes;

  /** How calls are made, and how many at once. */
  record Manner(TimedCalls calls, ProvisioningProperties properties) {}

  QueueWork(
      Pilots pilots,
      Elements elements,
      PilotPackages packages,
      QueueStates states,
      SpoolBoard spools,
      Manner manner) {
    this.pilots = pilots;
    this.elements = elements;
    this.packages = packages;
    this.states = states;
    this.spools = spools;
    this.calls = manner.calls();
    this.properties = manner.properties();
    this.follow = new Follow(pilots, states, calls, properties);
    this.sizes = new CallSizes(properties.atOnce());
  }

  /**
   * Does what there is to do. A failure is written down for the queue, and goes no further.
   *
   * @param state as it was when the work was handed out
   */
  void run(Configuration.Queue queue, QueueState state) {
    Pilots.Queue key = Elements.key(queue);
    Lanes lanes = new Lanes(queue, elements, states.pauses());
    boolean works = state.breaker() == QueueState.Breaker.CLOSED;
    int atOnce = works ? sizes.of(key) : 1;
    Set<String> except = lanes.paused();
    try {
      lanes.each(pilots.toCancel(key, except, atOnce), Pilots.Placed::vo, this::cancel);
      lanes.each(
          pilots.unsent(key, except, atOnce),
          Pilots.Unsent::vo,
          (element, unsent) -> send(queue, key, element, unsent));
      lanes.each(
          follow.silent(key, except, atOnce * ASKED_FOR_ONE_SENT),
          Pilots.Silent::vo,
          (element, silent) -> follow.ask(key, element, silent));
      lanes.each(
          pilots.toPurge(key, except, properties.purgeAfter(), atOnce),
          Pilots.Placed::vo,
          this::purge);
      if (lanes.called()) {
        states.worked(key);
        sizes.well(key);
      }
    } catch (PluginException e) {
      if (Thread.currentThread().isInterrupted()) {
        return; // the server is stopping; the queue is not to blame
      }
      if (e instanceof TemporaryException) {
        sizes.tooMuch(key);
      }
      int patience =
          switch (e) {
            case TemporaryException temporary -> PATIENCE;
            case MisconfiguredException misconfigured -> 1;
            case RefusedException refused -> 1;
          };
      fail(key, patience, String.valueOf(e.getMessage()));
    }
    for (String reason : lanes.close(properties.firstPause())) {
      log.warn("{} {} {}: {}", key.site(), key.ce(), key.name(), reason);
      states.noted(key, reason);
    }
  }

  private void fail(Pilots.Queue key, int patience, String error) {
    log.warn("{} {} {}: {}", key.site(), key.ce(), key.name(), error);
    states.failed(key, patience, error, properties.firstPause(), properties.longestPause());
  }

  private boolean cancel(ComputingElement element, List<Pilots.Placed> wanted) {
    if (!element.capabilities().contains(Capability.CANCEL)) {
      // They find out themselves: their secret is void.
      pilots.cancelled(wanted.stream().map(Pilots.Placed::stamp).toList());
      return false;
    }
    Map<PilotReference, CancelResult> results =
        calls.call("cancel", () -> element.cancel(references(wanted)));
    List<String> done = new ArrayList<>();
    for (Pilots.Placed pilot : wanted) {
      boolean over =
          switch (results.get(new PilotReference(pilot.reference()))) {
            case null -> false;
            case CancelResult.Cancelled cancelled -> true;
            case CancelResult.Failed failed -> failed.fault() == Fault.USER;
          };
      if (over) {
        done.add(pilot.stamp());
      }
    }
    pilots.cancelled(done);
    return true;
  }

  private static List<PilotReference> references(List<Pilots.Placed> placed) {
    return placed.stream().map(pilot -> new PilotReference(pilot.reference())).toList();
  }

  private boolean send(
      Configuration.Queue queue,
      Pilots.Queue key,
      ComputingElement element,
      List<Pilots.Unsent> unsent) {
    Optional<SpoolRow> spool = spools.of(queue);
    if (spool.filter(SpoolRow::isAway).isPresent()) {
      throw new TemporaryException("pilots could not call: the spool is " + spool.get().words());
    }
    if (spool.filter(row -> !row.isOpen()).isPresent()) {
      return false; // in seconds some server looks at it
    }
    Map<String, String> secrets =
        pilots.freshSecrets(unsent.stream().map(Pilots.Unsent::stamp).toList());
    List<PilotSubmission> submissions = new ArrayList<>();
    for (Pilots.Unsent pilot : unsent) {
      submissions.add(
          packages.of(queue, pilot.stamp(), pilot.vo(), secrets.getOrDefault(pilot.stamp(), "")));
    }
    List<SubmitResult> results = calls.call("submit", () -> element.submit(submissions));
    return sort(key, unsent, results);
  }

  /** Whether the call counts as one that went well. */
  private boolean sort(Pilots.Queue key, List<Pilots.Unsent> unsent, List<SubmitResult> results) {
    Map<String, SubmitResult> byStamp = new HashMap<>();
    results.forEach(result -> byStamp.put(result.stamp(), result));
    Map<String, String> accepted = new HashMap<>();
    Set<String> references = new HashSet<>();
    List<String> impossible = new ArrayList<>();
    String broken = "";
    String reason = "";
    for (Pilots.Unsent pilot : unsent) {
      switch (byStamp.get(pilot.stamp())) {
        case null -> {
          reason = "the element left it out of its answer";
          broken = reason;
          pilots.reported(pilot.stamp(), PilotStatus.Submitted, notYet(reason));
        }
        case SubmitResult.Accepted(String stamp, PilotReference reference) -> {
          if (references.add(reference.value())) {
            accepted.put(stamp, reference.value());
          } else {
            broken = "the element gave the same reference to several pilots: " + reference;
            pilots.reported(stamp, PilotStatus.Submitted, notYet(broken));
          }
        }
        case SubmitResult.Refused(String stamp, Fault fault, String why) -> {
          reason = why;
          switch (fault) {
            case USER -> impossible.add(stamp);
            case PLATFORM -> {
              broken = why;
              pilots.reported(stamp, PilotStatus.Submitted, notYet(why));
            }
            case TEMPORARY -> pilots.reported(stamp, PilotStatus.Submitted, notYet(why));
          }
        }
      }
    }
    if (!accepted.isEmpty()) {
      pilots.accepted(accepted);
      log.info("{} {} {}: {} pilots sent", key.site(), key.ce(), key.name(), accepted.size());
    }
    if (!impossible.isEmpty()) {
      pilots.ended(impossible, PilotStatus.Failed, "refused: " + reason);
      throw new MisconfiguredException("pilots of this queue are refused: " + reason);
    }
    if (!broken.isEmpty() && accepted.isEmpty()) {
      throw new TemporaryException("no pilot is accepted: " + broken);
    }
    // A queue that is full is no broken queue.
    return !accepted.isEmpty();
  }

  private static String notYet(String reason) {
    return "not accepted yet: " + reason;
  }

  private boolean purge(ComputingElement element, List<Pilots.Placed> old) {
    calls.call(
        "purge",
        () -> {
          element.purge(references(old));
          return true;
        });
    pilots.purged(old.stream().map(Pilots.Placed::stamp).toList());
    return true;
  }
}
