package org.spinor.server.provisioning.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;

class PlannerTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(1);

  @Test
  void nothingIsSentForNothing() {
    Plan plan = plan(List.of(slot("a", 5, 10, 1)));
    assertThat(plan.send()).isEmpty();
    assertThat(plan.useless()).isEmpty();
    assertThat(plan.saturated()).isFalse();
  }

  @Test
  void asManyAsThereIsWorkUpToTheIdleLimit() {
    Slot a = slot("a", 5, 100, 1);
    assertThat(plan(List.of(a), group(3, 3, 0)).send()).isEqualTo(Map.of(a, 3));
    assertThat(plan(List.of(a), group(1000, 1000, 0)).send()).isEqualTo(Map.of(a, 5));
    assertThat(plan(List.of(a), group(1000, 1000, 0)).saturated()).isTrue();
  }

  @Test
  void pilotsOfManyCoresAreFewer() {
    Slot wide = slot("a", 10, 100, 8);
    assertThat(plan(List.of(wide), group(20, 20, 0)).send()).isEqualTo(Map.of(wide, 3));
    assertThat(plan(List.of(wide), group(4, 32, 0)).send()).isEqualTo(Map.of(wide, 4));
  }

  @Test
  void sameJobsStartPilotsAtOneQueueOnly() {
    List<Slot> slots = List.of(slot("a", 5, 10, 1), slot("b", 5, 10, 1), slot("c", 5, 10, 1));
    Plan plan = plan(slots, group(4, 4, 0, 1, 2));
    assertThat(plan.send().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
    assertThat(plan.send().values()).as("spread").allMatch(count -> count <= 2);
  }

  @Test
  void jobsThatFewQueuesCanRunChooseFirst() {
    Slot a = slot("a", 2, 2, 1);
    Slot b = slot("b", 2, 2, 1);
    Plan plan = plan(List.of(a, b), group(2, 2, 0, 1), group(2, 2, 0));
    assertThat(plan.send()).isEqualTo(Map.of(a, 2, b, 2));
  }

  @Test
  void pilotsOnTheirWayAreCounted() {
    Slot a = slot("a", 5, 10, 1, new Pilots.Population(queue("a"), "vo", 1, 1, 0, 3, 1, 0));
    Slot b = slot("b", 5, 10, 1);
    Plan plan = plan(List.of(a, b), group(4, 4, 0, 1));
    assertThat(plan.send().values().stream().mapToInt(Integer::intValue).sum())
        .as("two start, one is idle")
        .isEqualTo(1);
  }

  @Test
  void totalLimitCountsEverythingThatIsThere() {
    Slot a = slot("a", 5, 6, 1, new Pilots.Population(queue("a"), "vo", 0, 0, 1, 4, 0, 0));
    assertThat(plan(List.of(a), group(10, 10, 0)).send()).isEqualTo(Map.of(a, 1));
  }

  @Test
  void anAllocationBringsAPilotForEachOfItsNodes() {
    Slot a = new Slot(queue("a"), "vo", 5, 9, 2, true, empty("a"), false, 4);
    assertThat(plan(List.of(a), group(7, 7, 0)).send()).isEqualTo(Map.of(a, 1));
    assertThat(plan(List.of(a), group(100, 100, 0)).send())
        .as("two of four")
        .isEqualTo(Map.of(a, 2));
    Slot coming =
        new Slot(
            queue("a"),
            "vo",
            5,
            9,
            2,
            true,
            new Pilots.Population(queue("a"), "vo", 0, 1, 0, 1, 1, 0),
            true,
            4);
    assertThat(plan(List.of(coming), group(10, 10, 0)).send()).as("8 start, 2 idle").isEmpty();
  }

  @Test
  void vosShareTheLimitsOfTheirQueue() {
    Slot one = new Slot(queue("a"), "one", 2, 10, 1, true, empty("a"), false, 1);
    Slot two = new Slot(queue("a"), "two", 2, 10, 1, true, empty("a"), false, 1);
    Plan plan = plan(List.of(one, two), group(9, 9, 0), group(9, 9, 1));
    assertThat(plan.send().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(2);
  }

  @Test
  void queueThatIsNotOpenGetsNothing() {
    Slot broken = new Slot(queue("a"), "vo", 5, 10, 1, false, empty("a"), false, 1);
    Slot good = slot("b", 5, 10, 1);
    assertThat(plan(List.of(broken, good), group(3, 3, 0, 1)).send()).isEqualTo(Map.of(good, 3));
    assertThat(plan(List.of(broken), group(3, 3, 0)).saturated()).isTrue();
  }

  @Test
  void waitingPilotsWithoutAnyWorkAreUseless() {
    Slot a = slot("a", 5, 10, 1, new Pilots.Population(queue("a"), "vo", 0, 2, 0, 0, 0, 0));
    Slot b = slot("b", 5, 10, 1, new Pilots.Population(queue("b"), "vo", 0, 2, 0, 0, 0, 0));
    Plan plan = plan(List.of(a, b), group(1, 1, 1));
    assertThat(plan.useless()).containsExactly(a);
    assertThat(plan.send()).isEmpty();
  }

  @Property(tries = 200)
  void limitsHoldAndNoJobStartsTwoPilots(
      @ForAll @IntRange(min = 1, max = 12) int queues,
      @ForAll @IntRange(min = 0, max = 20) int groups,
      @ForAll @LongRange long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < queues; i++) {
      Pilots.Population there =
          new Pilots.Population(
              queue("q" + i),
              "vo",
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(2),
              random.nextInt(5),
              0,
              0);
      slots.add(slot("q" + i, random.nextInt(6), random.nextInt(15), 1, there));
    }
    List<Demand.Group> demand = new ArrayList<>();
    long jobs = 0;
    for (int i = 0; i < groups; i++) {
      BitSet fits = new BitSet();
      for (int q = 0; q < queues; q++) {
        fits.set(q, random.nextBoolean());
      }
      if (!fits.isEmpty()) {
        long count = random.nextInt(1, 10);
        jobs += count;
        demand.add(new Demand.Group(fits, count, count));
      }
    }
    Plan plan = Planner.plan(slots, demand, random);
    int sent = 0;
    for (Map.Entry<Slot, Integer> entry : plan.send().entrySet()) {
      Slot slot = entry.getKey();
      sent += entry.getValue();
      assertThat(slot.starting() + entry.getValue()).isLessThanOrEqualTo(slot.idle());
      assertThat(slot.population().total() + entry.getValue()).isLessThanOrEqualTo(slot.most());
    }
    assertThat((long) sent).isLessThanOrEqualTo(jobs);
  }

  private static Plan plan(List<Slot> slots, Demand.Group... demand) {
    return Planner.plan(slots, List.of(demand), RANDOM);
  }

  private static Demand.Group group(long jobs, long cores, int... positions) {
    BitSet fits = new BitSet();
    for (int position : positions) {
      fits.set(position);
    }
    return new Demand.Group(fits, jobs, cores);
  }

  private static Slot slot(String name, int idle, int most, int cores) {
    return slot(name, idle, most, cores, empty(name));
  }

  private static Slot slot(
      String name, int idle, int most, int cores, Pilots.Population population) {
    return new Slot(
        queue(name),
        "vo",
        idle,
        most,
        cores,
        true,
        population,
        population.unsent() + population.waiting() > 0,
        1);
  }

  private static Pilots.Population empty(String name) {
    return new Pilots.Population(queue(name), "vo", 0, 0, 0, 0, 0, 0);
  }

  private static Pilots.Queue queue(String name) {
    return new Pilots.Queue("site", "ce", name);
  }
}
