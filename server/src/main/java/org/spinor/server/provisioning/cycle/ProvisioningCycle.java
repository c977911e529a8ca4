package org.spinor.server.provisioning.cycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.provisioning.queues.QueueThreads;
import org.spinor.server.tasks.TaskHandler;

/**
 * Looks at demand, decides how many pilots are sent where, and hands out the work on the queues.
 * The decision is made by one server at a time, for all queues together; the work on each queue has
 * a thread and a lease of its own, so that a slow site delays no other.
 */
final class ProvisioningCycle implements TaskHandler {
  static final String TYPE = "provisioning.cycle";
  private static final Logger log = LoggerFactory.getLogger(ProvisioningCycle.class);

  private final PlanMaker plans;
  private final Pilots pilots;
  private final QueueStates states;
  private final QueueThreads threads;
  private final ProvisioningProperties properties;
  private final Clock clock;
  private final Map<Demanded, Instant> uselessSince = new ConcurrentHashMap<>();
  private volatile boolean saturated;
  private volatile boolean begun;

  private record Demanded(Pilots.Queue queue, String vo) {}

  ProvisioningCycle(
      PlanMaker plans,
      Pilots pilots,
      QueueStates states,
      QueueThreads threads,
      ProvisioningProperties properties,
      Clock clock) {
    this.plans = plans;
    this.pilots = pilots;
    this.states = states;
    this.threads = threads;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(properties.interval());
  }

  /** Whether more work in the line could change nothing, as of the last look. */
  boolean saturated() {
    return saturated;
  }

  @Override
  public void run(String payload) {
    if (!begun) {
      states.releaseOwn();
      begun = true;
    }
    Map<Pilots.Queue, Configuration.Queue> queues = plans.queues();
    List<Pilots.Population> populations = pilots.populations();
    Map<Pilots.Queue, QueueState> known = states(queues, populations);
    Plan plan = plans.make(populations, known).plan();
    saturated = plan.saturated();
    apply(plan, queues);
    for (Pilots.Queue inUse : pilots.queuesInUse()) {
      Configuration.Queue queue = queues.get(inUse);
      QueueState state = known.getOrDefault(inUse, QueueState.fresh(inUse));
      if (queue == null || queue.isVacuum()) {
        threads.abandon(inUse);
      } else if (state.callable()) {
        threads.start(queue, state);
      }
    }
  }

  /** What is remembered of the queues, after what the configuration and the pilots say of them. */
  private Map<Pilots.Queue, QueueState> states(
      Map<Pilots.Queue, Configuration.Queue> queues, List<Pilots.Population> populations) {
    Map<Pilots.Queue, QueueState> known = states.all();
    boolean changed = false;
    for (Map.Entry<Pilots.Queue, Configuration.Queue> entry : queues.entrySet()) {
      QueueState state = known.get(entry.getKey());
      String fingerprint = Elements.fingerprint(entry.getValue());
      if (state == null || !state.fingerprint().equals(fingerprint)) {
        states.know(entry.getKey(), fingerprint);
        changed = true;
      }
    }
    for (Pilots.Population population : populations) {
      QueueState state = known.get(population.queue());
      if (population.running() > 0 && state != null && state.deaths() > 0) {
        states.spoke(population.queue());
        changed = true;
      }
    }
    return changed ? states.all() : known;
  }

  private void apply(Plan plan, Map<Pilots.Queue, Configuration.Queue> queues) {
    List<Pilots.Order> orders = new ArrayList<>();
    plan.send()
        .forEach(
            (slot, count) -> {
              log.debug("{} pilots of {} for {}", count, slot.vo(), slot.queue());
              Configuration.Queue queue = queues.get(slot.queue());
              if (queue != null) {
                orders.add(new Pilots.Order(slot.queue(), queue.ceType(), slot.vo(), count));
              }
            });
    if (!orders.isEmpty()) {
      pilots.create(orders);
    }
    Instant now = clock.instant();
    List<Demanded> useless =
        plan.useless().stream().map(slot -> new Demanded(slot.queue(), slot.vo())).toList();
    uselessSince.keySet().retainAll(useless);
    for (Demanded each : useless) {
      Instant since = uselessSince.computeIfAbsent(each, _ -> now);
      if (!now.isBefore(since.plus(properties.withdrawAfter()))) {
        int taken = pilots.withdraw(each.queue(), each.vo(), Integer.MAX_VALUE, "no work waits");
        log.info("{}: {} pilots taken back, no work waits for them", each.queue(), taken);
      }
    }
  }
}
