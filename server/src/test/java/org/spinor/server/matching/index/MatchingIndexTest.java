package org.spinor.server.matching.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.spinor.api.Offer;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.Asks;
import org.spinor.server.matching.ObviousModel;
import org.spinor.server.matching.Offers;
import org.spinor.server.matching.shares.Shares;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;

class MatchingIndexTest {
  private static final Set<String> SHARING = Set.of("vo/prod");

  private final Map<String, Shares.GroupShare> shares = new HashMap<>();
  private final MatchingIndex index =
      new MatchingIndex(
          new Shares() {
            @Override
            public GroupShare ofGroup(String vo, String group) {
              return shares.getOrDefault(group, new GroupShare(1000, false, false));
            }

            @Override
            public double ownerFactor(String vo, String group, String owner) {
              return 1;
            }
          },
          new Random(1));

  /** The waiting line in a map instead of a database. */
  private final Map<Integer, SortedSet<WaitingJobs.Place>> line = new HashMap<>();

  private long nextJob = 1;

  private void submit(RequirementClass cls, int jobs, int priority) {
    SortedSet<WaitingJobs.Place> places =
        line.computeIfAbsent(
            cls.number(),
            n ->
                new TreeSet<>(
                    Comparator.comparingInt((WaitingJobs.Place place) -> -place.priority())
                        .thenComparingLong(WaitingJobs.Place::jobId)));
    for (int i = 0; i < jobs; i++) {
      places.add(new WaitingJobs.Place(priority, nextJob++));
    }
    index.added(cls, jobs, (long) jobs * priority);
  }

  private SortedSet<WaitingJobs.Place> waiting(RequirementClass cls) {
    return Objects.requireNonNull(line.get(cls.number()));
  }

  private Step ask(OfferTerms terms) {
    while (true) {
      Step step = index.step(terms);
      if (step instanceof Step.Read(Line.Refill refill)) {
        List<WaitingJobs.Place> read =
            waiting(refill.line().cls()).stream()
                .filter(
                    place ->
                        refill.after().isEmpty()
                            || place.priority() < refill.after().get().priority()
                            || (place.priority() == refill.after().get().priority()
                                && place.jobId() > refill.after().get().jobId()))
                .limit(refill.limit())
                .toList();
        index.refilled(refill, read);
      } else {
        return step;
      }
    }
  }

  private Step.Pick take(OfferTerms terms) {
    return ((Step.Taken) ask(terms)).pick();
  }

  private void win(Step.Pick pick) {
    waiting(pick.line().cls()).remove(pick.place());
    index.settle(List.of(pick), List.of(Step.Settled.WON));
  }

  @Property(tries = 300)
  void saysNothingExactlyWhenNothingFits(@ForAll long seed) {
    new MatchingIndexTest().agreesWithTheModel(seed);
  }

  private void agreesWithTheModel(long seed) {
    ObviousModel world = new ObviousModel(seed);
    List<RequirementClass> classes = new ArrayList<>();
    for (int number = 1; number <= 40; number++) {
      RequirementClass cls = new RequirementClass(number, world.requirements());
      classes.add(cls);
      submit(cls, world.below(4), world.below(11));
      Offer early = world.offer();
      // Asked before later classes are there: what was computed then must grow with them.
      index.fitting(OfferTerms.of(early, world.state(early.site()), SHARING), any -> {});
    }
    for (int round = 0; round < 200; round++) {
      Offer offer = world.offer();
      OfferTerms terms = OfferTerms.of(offer, world.state(offer.site()), SHARING);
      Set<Integer> fitting = new HashSet<>();
      for (RequirementClass cls : classes) {
        assertThat(Clause.allAccept(cls, terms))
            .as("%s for %s", cls, terms)
            .isEqualTo(ObviousModel.fits(cls.asks(), terms, offer));
        if (Clause.allAccept(cls, terms) && !waiting(cls).isEmpty()) {
          fitting.add(cls.number());
        }
      }
      switch (ask(terms)) {
        case Step.Taken(Step.Pick pick) -> {
          assertThat(fitting).contains(pick.line().cls().number());
          assertThat(pick.place()).isEqualTo(waiting(pick.line().cls()).first());
          assertThat(pick.cores()).isLessThanOrEqualTo(offer.cores());
          win(pick);
        }
        case Step.Nothing() -> assertThat(fitting).isEmpty();
        case Step.Undecided(long change) -> throw new AssertionError("at change " + change);
        case Step.Read read -> throw new AssertionError(read);
      }
    }
  }

  /** Takes so many jobs for the offer and counts them by a property of their class. */
  private Map<String, Integer> drain(
      int jobs, OfferTerms terms, java.util.function.Function<Requirements, String> by) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < jobs; i++) {
      Step.Pick pick = take(terms);
      counts.merge(by.apply(pick.line().cls().asks()), 1, Integer::sum);
      win(pick);
    }
    return counts;
  }

  @Test
  void groupsGetTheirSharesAndOwnersOfAGroupTheSame() {
    shares.put("big", new Shares.GroupShare(3000, false, false));
    shares.put("small", new Shares.GroupShare(1000, false, false));
    submit(Asks.plain().group("big").owner("alice").numbered(1), 2000, 1);
    submit(Asks.plain().group("big").owner("bob").numbered(2), 2000, 9);
    submit(Asks.plain().group("small").owner("carol").numbered(3), 2000, 10);
    Map<String, Integer> got = drain(800, Offers.plain().terms(), Requirements::owner);
    assertThat(got).isEqualTo(Map.of("alice", 300, "bob", 300, "carol", 200));
  }

  @Test
  void unusedShareGoesToTheSiblings() {
    shares.put("big", new Shares.GroupShare(3000, false, false));
    submit(Asks.plain().group("big").sites("Elsewhere").numbered(1), 2000, 1);
    submit(Asks.plain().group("b").numbered(2), 2000, 1);
    submit(Asks.plain().group("c").numbered(3), 2000, 1);
    Map<String, Integer> got = drain(100, Offers.plain().terms(), Requirements::ownerGroup);
    assertThat(got).isEqualTo(Map.of("b", 50, "c", 50));
    Map<String, Integer> there =
        drain(500, Offers.plain().site("Elsewhere").terms(), Requirements::ownerGroup);
    assertThat(there).isEqualTo(Map.of("big", 300, "b", 100, "c", 100));
  }

  @Test
  void sharingGroupIsOneOwner() {
    shares.put("prod", new Shares.GroupShare(1000, true, false));
    submit(Asks.plain().group("prod").owner("alice").numbered(1), 900, 1);
    submit(Asks.plain().group("prod").owner("bob").jobType("Merge").numbered(2), 900, 3);
    Map<String, Integer> got = drain(400, Offers.plain().terms(), Requirements::owner);
    assertThat(got).isEqualTo(Map.of("alice", 100, "bob", 300));
  }

  @Test
  void sharesAreCountedInCores() {
    submit(Asks.plain().group("wide").cores(4, 4).numbered(1), 400, 1);
    submit(Asks.plain().group("narrow").numbered(2), 400, 1);
    Map<String, Integer> got =
        drain(250, Offers.plain().cores(4).terms(), Requirements::ownerGroup);
    assertThat(got).isEqualTo(Map.of("wide", 50, "narrow", 200));
  }

  @Test
  void classesThatDifferInSitesOnlyShareOneWeight() {
    submit(Asks.plain().sites("LCG.Here.org").numbered(1), 500, 1);
    submit(Asks.plain().sites("LCG.Here.org", "X").numbered(2), 500, 1);
    submit(Asks.plain().sites("Y").numbered(3), 500, 1);
    submit(Asks.plain().jobType("Merge").numbered(4), 500, 1);
    Map<String, Integer> got = drain(400, Offers.plain().terms(), Requirements::jobType);
    assertThat(got).isEqualTo(Map.of("User", 300, "Merge", 100));
  }

  @Test
  void backgroundRunsOnlyWhenNothingElseFits() {
    shares.put("user", new Shares.GroupShare(1000, false, true));
    submit(Asks.plain().numbered(1), 10, 0);
    submit(Asks.plain().group("other").jobType("Merge").numbered(2), 50, 1);
    assertThat(drain(50, Offers.plain().terms(), Requirements::jobType))
        .isEqualTo(Map.of("Merge", 50));
    assertThat(drain(10, Offers.plain().terms(), Requirements::jobType))
        .isEqualTo(Map.of("User", 10));
  }

  @Test
  void higherPriorityThatComesLaterGoesFirst() {
    RequirementClass cls = Asks.plain().numbered(1);
    submit(cls, 20, 1);
    win(take(Offers.plain().terms()));
    submit(cls, 1, 5);
    assertThat(take(Offers.plain().terms()).place().priority()).isEqualTo(5);
  }

  @Test
  void whileTheLastJobIsInFlightOthersAreToldToWait() {
    submit(Asks.plain().numbered(1), 1, 1);
    OfferTerms terms = Offers.plain().terms();
    Step.Pick pick = take(terms);
    assertThat(ask(terms)).isInstanceOf(Step.Undecided.class);
    index.settle(List.of(pick), List.of(Step.Settled.BACK));
    Step.Pick again = take(terms);
    assertThat(again.place()).isEqualTo(pick.place());
    win(again);
    assertThat(ask(terms)).isInstanceOf(Step.Nothing.class);
  }

  @Test
  void lostJobThatStillWaitsIsFoundAgain() {
    submit(Asks.plain().numbered(1), 1, 1);
    OfferTerms terms = Offers.plain().terms();
    Step.Pick pick = take(terms);
    // Another server had locked it and gave it back.
    index.settle(List.of(pick), List.of(Step.Settled.LOST));
    assertThat(take(terms).place()).isEqualTo(pick.place());
  }

  @Test
  void jobThatComesDuringAReadingIsNotForgotten() {
    RequirementClass cls = Asks.plain().numbered(1);
    submit(cls, 1, 1);
    OfferTerms terms = Offers.plain().terms();
    Line.Refill refill = ((Step.Read) index.step(terms)).refill();
    List<WaitingJobs.Place> read = List.copyOf(waiting(cls));
    submit(cls, 1, 1);
    index.refilled(refill, read);
    win(take(terms));
    win(take(terms));
    assertThat(ask(terms)).isInstanceOf(Step.Nothing.class);
  }

  @Test
  void layingOutAnewKeepsLinesAndJobsInFlight() {
    submit(Asks.plain().numbered(1), 2, 1);
    OfferTerms terms = Offers.plain().terms();
    Step.Pick pick = take(terms);
    index.rebuild();
    Step.Pick second = take(terms);
    assertThat(second.place()).isNotEqualTo(pick.place());
    win(pick);
    assertThat(ask(terms)).isInstanceOf(Step.Undecided.class);
    win(second);
    assertThat(ask(terms)).isInstanceOf(Step.Nothing.class);
  }
}
