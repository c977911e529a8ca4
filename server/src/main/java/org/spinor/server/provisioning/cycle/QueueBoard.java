package org.spinor.server.provisioning.cycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.QueueInfo;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotParameters;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;

/**
 * Says of each queue why pilots are sent there or are not: makes the plan of this moment, as the
 * cycle does, and reads the reasons off it.
 */
final class QueueBoard {
  private final PlanMaker plans;
  private final Pilots pilots;
  private final QueueStates states;
  private final SiteStatuses statuses;
  private final SpoolBoard spools;

  QueueBoard(
      PlanMaker plans,
      Pilots pilots,
      QueueStates states,
      SiteStatuses statuses,
      SpoolBoard spools) {
    this.plans = plans;
    this.pilots = pilots;
    this.states = states;
    this.statuses = statuses;
    this.spools = spools;
  }

  /** All queues that are configured, in the order of their names. */
  List<QueueInfo> all() {
    Map<Pilots.Queue, QueueState> known = states.all();
    List<Pilots.Population> populations = pilots.populations();
    PlanMaker.Made made = plans.make(populations, known);
    Map<Pilots.Queue, List<QueueInfo.Share>> shares = new LinkedHashMap<>();
    Map<Pilots.Queue, Slot> slots = new LinkedHashMap<>();
    for (int i = 0; i < made.slots().size(); i++) {
      Slot slot = made.slots().get(i);
      slots.put(slot.queue(), slot);
      QueueState state = known.getOrDefault(slot.queue(), QueueState.fresh(slot.queue()));
      shares
          .computeIfAbsent(slot.queue(), _ -> new ArrayList<>())
          .add(share(made, i, population(populations, slot), state));
    }
    List<QueueInfo> all = new ArrayList<>();
    plans
        .queues()
        .forEach(
            (key, queue) -> {
              Slot slot = slots.get(key);
              QueueState state = known.getOrDefault(key, QueueState.fresh(key));
              all.add(
                  info(
                      queue,
                      state,
                      slot == null ? queue.idlePilots() : slot.idle(),
                      Optional.ofNullable(made.waits().get(key)),
                      shares.getOrDefault(key, List.of())));
            });
    return all;
  }

  private static Pilots.Population population(List<Pilots.Population> populations, Slot slot) {
    return populations.stream()
        .filter(each -> each.queue().equals(slot.queue()) && each.vo().equals(slot.vo()))
        .findFirst()
        .orElseGet(() -> new Pilots.Population(slot.queue(), slot.vo(), 0, 0, 0, 0, 0, 0));
  }

  private QueueInfo info(
      Configuration.Queue queue,
      QueueState state,
      int idleNow,
      Optional<Pilots.Waits> waits,
      List<QueueInfo.Share> shares) {
    @Nullable Instant retryAt =
        state.breaker() == QueueState.Breaker.OPEN ? state.retryAt().orElse(null) : null;
    @Nullable Long expected = Patience.expected(waits).map(Duration::toSeconds).orElse(null);
    @Nullable Long longest =
        waits
            .map(Pilots.Waits::longest)
            .filter(Duration::isPositive)
            .map(Duration::toSeconds)
            .orElse(null);
    return new QueueInfo(
        queue.site(),
        queue.ce(),
        queue.name(),
        queue.ceType(),
        statuses.of(queue.site()).active() ? "Active" : "Banned",
        state.breaker().wire(),
        retryAt,
        state.lastError().orElse(null),
        state.lastErrorAt().orElse(null),
        waits.map(Pilots.Waits::lastSent).orElse(null),
        new QueueInfo.Limits(queue.idlePilots(), idleNow, queue.maxPilots()),
        new QueueInfo.Waits(waits.map(Pilots.Waits::starts).orElse(0), expected, longest),
        edge(queue),
        shares);
  }

  private @Nullable String edge(Configuration.Queue queue) {
    return spools
        .of(queue)
        .map(spool -> spool.place() + ": " + spool.words())
        .or(() -> PilotParameters.edge(queue))
        .orElse(null);
  }

  private QueueInfo.Share share(
      PlanMaker.Made made, int position, Pilots.Population there, QueueState state) {
    Slot slot = made.slots().get(position);
    long jobs =
        made.demand().stream()
            .filter(group -> group.offers().get(position))
            .mapToLong(Demand.Group::jobs)
            .sum();
    int next = made.plan().send().getOrDefault(slot, 0);
    return new QueueInfo.Share(
        slot.vo(),
        jobs,
        there.unsent(),
        there.waiting(),
        there.unknown(),
        there.running(),
        there.idle(),
        next,
        why(made, position, there, state, jobs));
  }

  private static String vacuum(Slot slot, Pilots.Population there) {
    if (slot.most() == 0) {
      return "no machine may run pilots here: MaxTotalPilots is 0";
    }
    return "machines run pilots here by themselves, "
        + slot.most()
        + " at most; "
        + (there.total() == 0 ? "none does now" : there.total() + " now")
        + ": spinor machines list --site "
        + slot.queue().site();
  }

  private String why(
      PlanMaker.Made made, int position, Pilots.Population there, QueueState state, long jobs) {
    Slot slot = made.slots().get(position);
    int next = made.plan().send().getOrDefault(slot, 0);
    if (made.places().get(position).queue().isVacuum()) {
      return vacuum(slot, there);
    }
    if (next > 0) {
      return next + (next == 1 ? " pilot is" : " pilots are") + " sent next" + probe(state);
    }
    if (slot.most() == 0) {
      return "none may be here: MaxTotalPilots is 0";
    }
    if (jobs == 0) {
      return statuses.of(slot.queue().site()).active()
          ? "no waiting job fits here now"
          : "the site is banned: only jobs of type Test come here, and none waits";
    }
    if (state.breaker() != QueueState.Breaker.CLOSED) {
      return broken(state);
    }
    if (!slot.open()) {
      return "its VO has no credential here"
          + state.lastError().map(last -> ": " + last).orElse("; it is asked for again in minutes");
    }
    int starting = sum(made, slot, Slot::starting);
    int total = sum(made, slot, each -> each.population().total());
    if (total >= slot.most()) {
      return "full: " + total + " pilots are here, MaxTotalPilots allows no more";
    }
    if (starting >= slot.idle()) {
      return enough(made, slot, starting);
    }
    return "its work is covered by pilots that are idle or on their way, here or elsewhere";
  }

  private static String probe(QueueState state) {
    return state.breaker() == QueueState.Breaker.CLOSED ? "" : ", to see whether it works again";
  }

  private static String broken(QueueState state) {
    String error = state.lastError().map(last -> ": " + last).orElse("");
    if (!state.callable()) {
      return "left alone until "
          + state.retryAt().map(Instant::toString).orElse("it is tried again")
          + error;
    }
    return state.breaker() == QueueState.Breaker.OPEN
        ? "tried again next with one pilot" + error
        : "a pilot is under way to see whether it works again";
  }

  private static String enough(PlanMaker.Made made, Slot slot, int starting) {
    int configured =
        made.places().stream()
            .filter(place -> Elements.key(place.queue()).equals(slot.queue()))
            .mapToInt(place -> place.queue().idlePilots())
            .findFirst()
            .orElse(slot.idle());
    String most =
        slot.idle() < configured
            ? slot.idle() + " of IdlePilots (" + configured + ") as they wait long here"
            : "IdlePilots (" + configured + ")";
    return starting + (starting == 1 ? " pilot waits" : " pilots wait") + " for a slot: " + most;
  }

  private interface Count {
    int of(Slot slot);
  }

  /** All VOs of the queue together: they share its limits. */
  private static int sum(PlanMaker.Made made, Slot slot, Count count) {
    return made.slots().stream()
        .filter(each -> each.queue().equals(slot.queue()))
        .mapToInt(count::of)
        .sum();
  }
}
