package org.spinor.server.provisioning.cycle;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;

/**
 * Shares demand out among queues. A job that fits many queues starts one pilot, not one at each:
 * jobs that few queues can run choose first, pilots on their way are counted with the cores that
 * they will bring, and what is left is spread over the queues that may have more.
 */
final class Planner {
  private final List<Slot> slots;
  private final List<Share> shares = new ArrayList<>();
  private final Map<Slot, Integer> send = new LinkedHashMap<>();
  private final Map<Pilots.Queue, Integer> starting = new HashMap<>();
  private final Map<Pilots.Queue, Integer> total = new HashMap<>();
  private final Set<Slot> wanted = new HashSet<>();
  private final RandomGenerator random;

  /** Jobs that fit the same slots, and the cores that they still need. */
  private static final class Share {
    final BitSet slots;
    long cores;

    Share(Demand.Group group) {
      this.slots = group.offers();
      this.cores = Math.max(group.cores(), group.jobs());
    }
  }

  private Planner(List<Slot> slots, List<Demand.Group> demand, RandomGenerator random) {
    this.slots = slots;
    this.random = random;
    demand.forEach(group -> shares.add(new Share(group)));
    shares.sort(Comparator.comparingInt(share -> share.slots.cardinality()));
    for (Slot slot : slots) {
      starting.merge(slot.queue(), slot.starting(), Integer::sum);
      total.merge(slot.queue(), slot.population().total(), Integer::sum);
    }
  }

  /**
   * @param slots in the order of the offers of the demand
   * @param demand what could run in which slots
   */
  static Plan plan(List<Slot> slots, List<Demand.Group> demand, RandomGenerator random) {
    return new Planner(slots, demand, random).plan();
  }

  private Plan plan() {
    for (Share share : shares) {
      share.slots.stream().forEach(position -> wanted.add(slots.get(position)));
    }
    countWhatIsComing();
    for (Share share : shares) {
      serve(share);
    }
    Set<Slot> useless = new HashSet<>();
    for (Slot slot : slots) {
      if (slot.pending() && !wanted.contains(slot)) {
        useless.add(slot);
      }
    }
    boolean saturated = slots.stream().noneMatch(slot -> slot.open() && headroom(slot) > 0);
    return new Plan(send, useless, saturated);
  }

  /** Pilots that wait for a slot, or for a job, take the work that is hardest to place. */
  private void countWhatIsComing() {
    for (int position = 0; position < slots.size(); position++) {
      take(position, slots.get(position).coresComing());
    }
  }

  private void take(int position, long cores) {
    long left = cores;
    for (Share share : shares) {
      if (left == 0) {
        return;
      }
      if (share.slots.get(position)) {
        long taken = Math.min(left, share.cores);
        share.cores -= taken;
        left -= taken;
      }
    }
  }

  private void serve(Share share) {
    List<Integer> order = new ArrayList<>(share.slots.stream().boxed().toList());
    Collections.shuffle(order, random);
    boolean more = true;
    while (share.cores > 0 && more) {
      more = false;
      // One at each in turn, so that no queue gets all of it.
      for (int position : order) {
        Slot slot = slots.get(position);
        if (share.cores > 0 && slot.open() && headroom(slot) > 0) {
          send.merge(slot, 1, Integer::sum);
          starting.merge(slot.queue(), 1, Integer::sum);
          total.merge(slot.queue(), slot.nodes(), Integer::sum);
          takeFirst(share, position, slot.coresOfAllocation());
          more = true;
        }
      }
    }
  }

  /** The work for which a pilot is sent, and with what is left of it other work. */
  private void takeFirst(Share share, int position, long cores) {
    long taken = Math.min(cores, share.cores);
    share.cores -= taken;
    take(position, cores - taken);
  }

  private int headroom(Slot slot) {
    int waiting = starting.getOrDefault(slot.queue(), 0);
    int all = total.getOrDefault(slot.queue(), 0);
    return Math.min(slot.idle() - waiting, (slot.most() - all) / slot.nodes());
  }
}
