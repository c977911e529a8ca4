package org.spinor.server.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.terms.RequirementClass;
import org.spinor.server.matching.usage.UsageTable;

/** Classes, demand, usage and the feed of the index, on a real database. */
class MatchingRoomTest {
  private final TestConfiguration configuration = new TestConfiguration();
  private TestMatching world;
  private TestMatching.Server server;

  @BeforeEach
  void start() {
    world = new TestMatching(configuration);
    server = world.new Server();
  }

  @AfterEach
  void stop() {
    server.close();
    world.close();
  }

  @Test
  void equalRequirementsHaveOneNumberOnAllServers() {
    Requirements first = Asks.plain().cpuTime(3000).jobGroup("g1").tags("a", "b").build();
    Requirements same = Asks.plain().cpuTime(3600).jobGroup("g2").tags("b", "a").build();
    Requirements longer = Asks.plain().cpuTime(3601).tags("a", "b").build();
    Map<Requirements, Integer> numbers = server.classes.numbersOf(Set.of(first, same, longer));
    assertThat(numbers.get(first)).isEqualTo(numbers.get(same)).isNotEqualTo(numbers.get(longer));
    try (TestMatching.Server other = world.new Server()) {
      assertThat(other.classes.numbersOf(Set.of(longer, same)))
          .isEqualTo(
              Map.of(longer, numbers.getOrDefault(longer, 0), same, numbers.getOrDefault(same, 0)));
      RequirementClass read = other.classes.numbered(numbers.getOrDefault(longer, 0)).orElseThrow();
      assertThat(read.asks().cpuTime()).isEqualTo(21_600);
      assertThat(read.asks().tags()).containsExactly("a", "b");
    }
    assertThat(server.classes.numbered(4711)).isEmpty();
  }

  @Test
  void timeBeyondTheLastSegmentStaysAsItIs() {
    Requirements asks = Asks.plain().cpuTime(100_000).build();
    int number = server.classes.numbersOf(Set.of(asks)).getOrDefault(asks, 0);
    assertThat(server.classes.numbered(number).orElseThrow().asks().cpuTime()).isEqualTo(100_000);
  }

  @Test
  void demandIsToldByGroupsOfJobsThatFitTheSamePlaces() {
    server.submit(Asks.plain().build(), 1, 10);
    server.submit(Asks.plain().cores(4, 8).build(), 1, 3);
    server.submit(Asks.plain().owner("bob").cores(4, 4).sites("Big").build(), 1, 2);
    server.submit(Asks.plain().cores(64, 64).build(), 1, 7);
    world.sites.put("Banned", false);
    List<Demand.Group> groups =
        server.demand.servable(
            List.of(
                Offers.plain().site("Small").build(),
                Offers.plain().site("Big").cores(8).build(),
                Offers.plain().site("Banned").cores(8).build()));
    assertThat(groups)
        .containsExactlyInAnyOrder(
            new Demand.Group(BitSet.valueOf(new long[] {0b011}), 10, 10),
            new Demand.Group(BitSet.valueOf(new long[] {0b010}), 5, 20));
  }

  @Test
  void demandLeavesOutWhatALimitHolds() {
    configuration.limit("Small", "JobType", "User", 0);
    server.submit(Asks.plain().build(), 1, 10);
    assertThat(server.demand.servable(List.of(Offers.plain().site("Small").build()))).isEmpty();
    assertThat(server.demand.servable(List.of(Offers.plain().site("Big").build()))).hasSize(1);
  }

  @Test
  void usageFadesAndAddsUp() {
    UsageTable.Who alice = new UsageTable.Who("vo", "user", "alice");
    server.usage.add(new TreeMap<>(Map.of(alice, 1000.0)));
    server.usage.fold();
    world
        .database
        .jdbc()
        .sql("UPDATE matching.usage SET as_of = as_of - interval '7 days'")
        .update();
    assertThat(server.usage.now().getOrDefault(alice, 0.0)).isCloseTo(500, within(1.0));
    server.usage.add(new TreeMap<>(Map.of(alice, 100.0)));
    assertThat(server.usage.now().getOrDefault(alice, 0.0)).isCloseTo(600, within(1.0));
    server.usage.fold();
    server.usage.fold();
    assertThat(server.usage.now().getOrDefault(alice, 0.0)).isCloseTo(600, within(1.0));
  }

  @Test
  void usageCorrectsSharesWithinBounds() {
    configuration.group("prod", 3000, false, false).correction();
    server.shares.update(
        Map.of(
            new UsageTable.Who("vo", "user", "alice"), 500.0,
            new UsageTable.Who("vo", "prod", "bob"), 300.0,
            new UsageTable.Who("vo", "prod", "carol"), 200.0));
    // Expected 1/4, used 1/2; expected 3/4, used 1/2.
    assertThat(server.shares.ofGroup("vo", "user").weight()).isCloseTo(500, within(1.0));
    assertThat(server.shares.ofGroup("vo", "prod").weight()).isCloseTo(4500, within(1.0));
    assertThat(server.shares.ownerFactor("vo", "prod", "bob")).isCloseTo(0.5 / 0.6, within(0.01));
    assertThat(server.shares.ownerFactor("vo", "prod", "dave")).isEqualTo(3);
    server.shares.update(
        Map.of(
            new UsageTable.Who("vo", "user", "alice"), 1.0,
            new UsageTable.Who("vo", "prod", "bob"), 1e9));
    assertThat(server.shares.ofGroup("vo", "user").weight()).isCloseTo(3000, within(1.0));
  }

  @Test
  void withoutCorrectionSharesAreAsConfigured() {
    server.shares.update(Map.of(new UsageTable.Who("vo", "user", "alice"), 500.0));
    assertThat(server.shares.ofGroup("vo", "user").weight()).isEqualTo(1000);
    assertThat(server.shares.ownerFactor("vo", "user", "alice")).isEqualTo(1);
  }

  @Test
  void eventsFeedTheIndexWhenTheyAreCommitted() {
    Requirements asks = Asks.plain().build();
    int number = server.classes.numbersOf(Set.of(asks)).getOrDefault(asks, 0);
    List<WaitingJobs.Count> counts = List.of(new WaitingJobs.Count(number, 2, 2));
    world
        .database
        .transactions()
        .run(
            () -> {
              world.jobs.submit(number, 1, 2);
              server.feed.waiting(new JobEvents.Waiting(counts));
              assertThat(server.index.waitingClasses()).isEmpty();
            });
    assertThat(server.index.waitingClasses()).containsExactly(number);
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).hasSize(1);
    server.feed.noLongerWaiting(
        new JobEvents.NoLongerWaiting(List.of(new WaitingJobs.Count(number, 1, 1))));
    assertThat(server.demand.servable(List.of(Offers.plain().build())))
        .allMatch(group -> group.jobs() <= 1);
  }

  @Test
  void countFindsWhatNobodyAnnouncedAndForgetsWhatIsGone() {
    Requirements asks = Asks.plain().build();
    int number = server.classes.numbersOf(Set.of(asks)).getOrDefault(asks, 0);
    List<Long> ids = world.jobs.submit(number, 1, 3);
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).isEmpty();
    server.feed.count();
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).hasSize(1);
    ids.forEach(world.jobs::kill);
    server.feed.count();
    assertThat(server.demand.servable(List.of(Offers.plain().build())))
        .allMatch(group -> group.jobs() <= 2);
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).isEmpty();
    assertThat(server.demand.servable(List.of(Offers.plain().build()))).isEmpty();
  }

  @Test
  void oldOffersAreForgotten() {
    server.recent.seen("pilot", Offers.plain().build());
    server.recent.flush();
    assertThat(server.recent.lately()).hasSize(1);
    world
        .database
        .jdbc()
        .sql("UPDATE matching.recent_offer SET seen = seen - interval '61 minutes'")
        .update();
    assertThat(server.recent.lately()).isEmpty();
    server.recent.forget();
    assertThat(
            world
                .database
                .jdbc()
                .sql("SELECT count(*) FROM matching.recent_offer")
                .query(Long.class)
                .single())
        .isZero();
  }
}
