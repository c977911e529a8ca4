package org.spinor.server.provisioning.cycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.VoPauses;

/** Puts together what a plan is made of, and makes it; for whoever acts on it or explains it. */
final class PlanMaker {
  private static final Duration WINDOW = Duration.ofHours(6);
  private static final int NEWEST = 50;

  /** The waits change slowly, and looking at them is the dearest part. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final Places places;
  private final Demand demand;
  private final Pilots pilots;
  private final Patience patience;
  private final VoPauses pauses;
  private final Clock clock;
  private volatile Waits waits = new Waits(Map.of(), Instant.MIN);

  private record Waits(Map<Pilots.Queue, Pilots.Waits> of, Instant seen) {}

  private record Demanded(Pilots.Queue queue, String vo) {}

  /**
   * A plan and what it was made of.
   *
   * @param slots one for each place, in the same order
   */
  record Made(
      List<Places.Place> places,
      List<Slot> slots,
      List<Demand.Group> demand,
      Plan plan,
      Map<Pilots.Queue, Pilots.Waits> waits) {}

  PlanMaker(
      Places places,
      Demand demand,
      Pilots pilots,
      Patience patience,
      VoPauses pauses,
      Clock clock) {
    this.places = places;
    this.demand = demand;
    this.pilots = pilots;
    this.patience = patience;
    this.pauses = pauses;
    this.clock = clock;
  }

  Map<Pilots.Queue, Configuration.Queue> queues() {
    return places.queues();
  }

  Made make(List<Pilots.Population> populations, Map<Pilots.Queue, QueueState> known) {
    List<Places.Place> all = places.all();
    Map<Pilots.Queue, Pilots.Waits> seen = waits();
    List<Slot> slots = slots(all, populations, known, seen);
    List<Offer> offers = all.stream().map(Places.Place::offer).toList();
    List<Demand.Group> groups = offers.isEmpty() ? List.of() : demand.servable(offers);
    Plan plan = Planner.plan(slots, groups, ThreadLocalRandom.current());
    return new Made(all, slots, groups, plan, seen);
  }

  private Map<Pilots.Queue, Pilots.Waits> waits() {
    Instant now = clock.instant();
    Waits last = waits;
    if (last.seen().isBefore(now.minus(LOOK_AGAIN))) {
      last = new Waits(pilots.waits(places.queues().keySet(), WINDOW, NEWEST), now);
      waits = last;
    }
    return last.of();
  }

  private List<Slot> slots(
      List<Places.Place> all,
      List<Pilots.Population> populations,
      Map<Pilots.Queue, QueueState> known,
      Map<Pilots.Queue, Pilots.Waits> seen) {
    Map<Demanded, Pilots.Population> present = new HashMap<>();
    populations.forEach(p -> present.put(new Demanded(p.queue(), p.vo()), p));
    Set<VoPauses.Pause> paused = pauses.now();
    List<Slot> slots = new ArrayList<>();
    for (Places.Place place : all) {
      Pilots.Queue key = Elements.key(place.queue());
      Pilots.Population population =
          present.getOrDefault(
              new Demanded(key, place.vo()),
              new Pilots.Population(key, place.vo(), 0, 0, 0, 0, 0, 0));
      QueueState state = known.getOrDefault(key, QueueState.fresh(key));
      int idle = patience.idle(place.queue().idlePilots(), Optional.ofNullable(seen.get(key)));
      boolean pause = paused.contains(new VoPauses.Pause(key, place.vo()));
      slots.add(slot(place, idle, population, state, pause));
    }
    return slots;
  }

  /**
   * @param paused whether the VO has no credential there
   */
  private static Slot slot(
      Places.Place place,
      int idle,
      Pilots.Population population,
      QueueState state,
      boolean paused) {
    Configuration.Queue queue = place.queue();
    boolean closed = state.breaker() == QueueState.Breaker.CLOSED;
    // What was meant for a queue that does not work is no promise: it counts where it will be sent.
    Pilots.Population counted =
        closed && !paused
            ? population
            : new Pilots.Population(
                population.queue(),
                place.vo(),
                0,
                population.waiting(),
                population.unknown(),
                population.running(),
                population.idle(),
                population.coresOfOne());
    boolean submits = !queue.isVacuum() && !paused;
    boolean probing =
        !closed && state.callable() && population.unsent() + population.waiting() == 0;
    int cores = queue.cores() > 0 ? queue.cores() : Math.max(1, population.coresOfOne());
    return new Slot(
        population.queue(),
        place.vo(),
        closed ? idle : Math.min(1, idle),
        queue.maxPilots(),
        cores,
        submits && (closed || probing),
        counted,
        // What a machine was given is not ours to take back.
        !queue.isVacuum() && population.unsent() + population.waiting() > 0,
        queue.nodes());
  }
}
