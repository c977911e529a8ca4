package org.spinor.server.matching.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.api.Offer;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.Asks;
import org.spinor.server.matching.Matcher;
import org.spinor.server.matching.Offers;
import org.spinor.server.matching.TestConfiguration;
import org.spinor.server.matching.TestMatching;

class MatchServiceTest {
  private static final String HERE = "LCG.Here.org";

  private final TestConfiguration configuration = new TestConfiguration();

  /** Every waiting job fits every asker: who hears "nothing" must find none waiting. */
  private volatile boolean allFit;

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

  private static Requirements asks(Asks asks) {
    return asks.build();
  }

  @Test
  void pilotGetsTheJobAndNobodyElseDoes() {
    long job = server.submit(asks(Asks.plain().owner("bob").cpuTime(3000)), 1, 1).getFirst();
    Matcher.Answer answer = server.ask(Offers.plain().build(), "pilot");
    assertThat(answer.matches())
        .containsExactly(new Matcher.Match(job, 1, "vo", "bob", "user", 1, 0, 3600));
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).isEmpty();
  }

  @Test
  void nothingIsSaidWithAReason() {
    assertThat(server.ask(Offers.plain().build(), "pilot").reason()).isEqualTo("no job waits");
    server.submit(asks(Asks.plain().cores(8, 8)), 1, 1);
    assertThat(server.ask(Offers.plain().cores(2).build(), "other").reason())
        .isEqualTo("of 1 kinds of waiting jobs none fits: cores refuses 1");
  }

  @Test
  void repeatedRequestGetsTheSameJobsAgain() {
    server.submit(asks(Asks.plain()), 1, 5);
    Offer offer = Offers.plain().cores(2).build();
    Matcher.Answer first = server.matcher.match(offer, "pilot", "", 2, "request");
    Matcher.Answer again = server.matcher.match(offer, "pilot", "", 2, "request");
    assertThat(first.matches()).hasSize(2);
    assertThat(again).isEqualTo(first);
    try (TestMatching.Server other = world.new Server()) {
      assertThat(other.matcher.match(offer, "pilot", "", 2, "request").matches())
          .isEqualTo(first.matches());
    }
    assertThat(server.matcher.match(offer, "pilot", "", 2, "next").matches())
        .doesNotContainAnyElementsOf(first.matches());
    assertThat(world.jobs.waiting()).isEqualTo(1);
  }

  @Test
  void jobsOfOneAnswerFitTogether() {
    server.submit(asks(Asks.plain().cores(2, 2).memoryMb(3000)), 1, 10);
    Offer offer = Offers.plain().cores(16).memoryMb(10_000).build();
    assertThat(server.ask(offer, "pilot", 64).matches()).hasSize(3);
    assertThat(server.ask(Offers.plain().cores(5).memoryMb(64_000).build(), "p2", 64).matches())
        .hasSize(2);
  }

  @Test
  void jobThatCanUseMoreCoresGetsThoseThatAreFree() {
    server.submit(asks(Asks.plain().cores(2, 8)), 1, 2);
    assertThat(server.ask(Offers.plain().cores(6).build(), "a").matches().getFirst().cores())
        .isEqualTo(6);
    assertThat(server.ask(Offers.plain().cores(16).build(), "b").matches().getFirst().cores())
        .isEqualTo(8);
  }

  @Test
  void wholeNodeJobRunsAloneWithAllCores() {
    server.submit(asks(Asks.plain().wholeNode().cores(1, Requirements.ALL_CORES)), 1, 3);
    Offer busy = Offers.plain().cores(16).build();
    assertThat(server.ask(busy, "busy", 8).matches()).isEmpty();
    List<Matcher.Match> matches =
        server.ask(Offers.plain().cores(16).wholeNode().build(), "idle", 8).matches();
    assertThat(matches).hasSize(1);
    assertThat(matches.getFirst().cores()).isEqualTo(16);
    server.submit(asks(Asks.plain().owner("bob").jobType("Merge")), 1, 1);
    world.jobs.kill(2);
    world.jobs.kill(3);
  }

  @Test
  void wholeNodeJobIsNotPutBesideAnother() {
    server.submit(asks(Asks.plain().owner("a")), 1, 1);
    server.submit(asks(Asks.plain().owner("b").wholeNode()), 1, 1);
    List<Matcher.Match> matches =
        server.ask(Offers.plain().cores(8).wholeNode().build(), "idle", 8).matches();
    assertThat(matches).hasSize(1);
  }

  @Test
  void bannedSiteGetsOnlyTests() {
    server.submit(asks(Asks.plain()), 1, 1);
    server.submit(asks(Asks.plain().jobType("Test")), 1, 1);
    world.sites.put(HERE, false);
    assertThat(server.ask(Offers.plain().cores(4).build(), "pilot", 4).matches()).hasSize(1);
    world.sites.put(HERE, true);
    assertThat(server.ask(Offers.plain().cores(4).build(), "pilot", 4).matches()).hasSize(1);
  }

  @Test
  void killedJobIsNotGivenAndTheNextOneIs() {
    List<Long> ids = server.submit(asks(Asks.plain()), 1, 3);
    world.jobs.kill(ids.get(0));
    assertThat(server.ask(Offers.plain().build(), "pilot").matches().getFirst().jobId())
        .isEqualTo(ids.get(1));
    world.jobs.kill(ids.get(2));
    assertThat(server.ask(Offers.plain().build(), "pilot").matches()).isEmpty();
  }

  @Test
  void runningLimitHoldsAndIsFreedByTheEnd() {
    configuration.limit(HERE, "JobType", "Merge", 2);
    server.submit(asks(Asks.plain().jobType("Merge")), 1, 5);
    Offer offer = Offers.plain().cores(8).build();
    List<Matcher.Match> first = server.ask(offer, "pilot", 8).matches();
    assertThat(first).hasSize(2);
    Matcher.Answer full = server.ask(offer, "pilot", 8);
    assertThat(full.matches()).isEmpty();
    assertThat(full.reason()).contains("running_limit");
    assertThat(server.ask(Offers.plain().site("Elsewhere").build(), "far").matches()).hasSize(1);
    end(server, first.getFirst(), "ce.here.org");
    assertThat(server.ask(offer, "pilot", 8).matches()).hasSize(1);
  }

  @Test
  void limitOfAComputingElementLeavesTheOtherElementsFree() {
    configuration.limitAtCe(HERE, "small", "Owner", "alice", 1);
    server.submit(asks(Asks.plain()), 1, 5);
    assertThat(server.ask(Offers.plain().ce("small").cores(4).build(), "a", 4).matches())
        .hasSize(1);
    assertThat(server.ask(Offers.plain().ce("small").build(), "b").matches()).isEmpty();
    assertThat(server.ask(Offers.plain().ce("large").cores(3).build(), "c", 3).matches())
        .hasSize(3);
  }

  @Test
  void limitHoldsAcrossServersAndAskers() throws Exception {
    configuration.limit(HERE, "JobType", "Merge", 7);
    server.submit(asks(Asks.plain().jobType("Merge")), 1, 60);
    server.submit(asks(Asks.plain().jobType("User")), 1, 10);
    try (TestMatching.Server other = world.new Server()) {
      other.feed.count();
      List<Matcher.Match> matches = askers(List.of(server, other), 40, Offers.plain().build(), 1);
      // Everybody whom the limit leaves something got something: 7 merges and 10 others.
      assertThat(matches).hasSize(17);
    }
  }

  @Test
  void limitThatIsNewCountsWhatRunsAlready() {
    server.submit(asks(Asks.plain()), 1, 5);
    server.ask(Offers.plain().cores(3).build(), "before", 3);
    configuration.limit(HERE, "Owner", "alice", 4);
    assertThat(server.ask(Offers.plain().cores(3).build(), "after", 3).matches()).hasSize(1);
    world.database.jdbc().sql("UPDATE matching.running_count SET running = 1").update();
    world.database.transactions().run(server.limits::recount);
    assertThat(server.limits.running(HERE).values()).containsExactly(4L);
    configuration.withoutRules();
    world.database.transactions().run(server.limits::recount);
    assertThat(server.limits.running(HERE)).isEmpty();
  }

  @Test
  void delayKeepsTheSameAwayFromTheSite() {
    configuration.delay(HERE, "JobType", "User", 3600);
    server.submit(asks(Asks.plain()), 1, 5);
    server.submit(asks(Asks.plain().jobType("Merge")), 1, 1);
    Offer offer = Offers.plain().cores(8).build();
    assertThat(server.ask(offer, "pilot", 8).matches()).hasSize(2);
    assertThat(server.ask(offer, "pilot", 8).reason()).contains("matching_delay");
    try (TestMatching.Server other = world.new Server()) {
      other.feed.count();
      assertThat(other.ask(offer, "pilot", 8).matches()).isEmpty();
      assertThat(other.ask(Offers.plain().site("Elsewhere").build(), "far").matches()).hasSize(1);
      world.database.jdbc().sql("UPDATE matching.delay SET until = now()").update();
      assertThat(other.ask(offer, "pilot", 8).matches()).hasSize(1);
    }
  }

  @Test
  void jobGroupCanBeLimitedWhereARuleNamesIt() {
    configuration.limit(HERE, "JobGroup", "prod7", 1);
    server.submit(asks(Asks.plain().jobGroup("prod7")), 1, 3);
    server.submit(asks(Asks.plain().jobGroup("mine")), 1, 1);
    server.submit(asks(Asks.plain().jobGroup("yours")), 1, 1);
    assertThat(server.ask(Offers.plain().cores(8).build(), "pilot", 8).matches()).hasSize(3);
    assertThat(server.index.classes()).isEqualTo(2);
  }

  /**
   * The promise of the matcher: 64 askers on two servers drain 300 classes of one job each, while
   * claims fail and are lost, and nobody hears "nothing" as long as a job fits.
   */
  @Test
  void askersNeverHearNothingWhileAJobFits() throws Exception {
    Set<Long> submitted = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      submitted.addAll(
          server.submit(asks(Asks.plain().owner("owner" + i % 17).platforms("p" + i)), i % 10, 1));
    }
    world.jobs.failing = claim -> claim % 7 == 3;
    world.jobs.losing = claim -> claim % 5 == 2;
    world.jobs.slowness = 0.02;
    try (TestMatching.Server other = world.new Server()) {
      other.feed.count();
      allFit = true;
      List<Matcher.Match> matches = askers(List.of(server, other), 64, Offers.plain().build(), 1);
      assertThat(matches).hasSize(300);
      assertThat(matches.stream().map(Matcher.Match::jobId).collect(Collectors.toSet()))
          .isEqualTo(submitted);
    }
  }

  @Test
  void twoServersShareOneLongLine() throws Exception {
    server.submit(asks(Asks.plain()), 1, 2000);
    try (TestMatching.Server other = world.new Server()) {
      other.feed.count();
      allFit = true;
      List<Matcher.Match> matches =
          askers(List.of(server, other), 32, Offers.plain().cores(4).build(), 4);
      assertThat(matches.stream().map(Matcher.Match::jobId).distinct()).hasSize(2000);
      assertThat(matches).hasSize(2000);
    }
  }

  /** Askers ask until they hear nothing; then nothing may wait that would have been theirs. */
  private List<Matcher.Match> askers(
      List<TestMatching.Server> servers, int askers, Offer offer, int maxJobs) throws Exception {
    List<Matcher.Match> all = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < askers; i++) {
        TestMatching.Server asked = servers.get(i % servers.size());
        String pilot = "pilot" + i;
        done.add(threads.submit(() -> drain(asked, offer, pilot, maxJobs, all)));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    return all;
  }

  private void drain(
      TestMatching.Server asked, Offer offer, String pilot, int maxJobs, List<Matcher.Match> all) {
    while (true) {
      List<Matcher.Match> matches;
      try {
        matches = asked.ask(offer, pilot, maxJobs).matches();
      } catch (IllegalStateException e) {
        // The database was away: the pilot asks again.
        continue;
      }
      if (matches.isEmpty()) {
        if (allFit) {
          assertThat(world.jobs.waiting()).as("waiting when %s heard nothing", pilot).isZero();
        }
        return;
      }
      all.addAll(matches);
    }
  }

  private void end(TestMatching.Server at, Matcher.Match match, String ce) {
    world
        .database
        .transactions()
        .run(
            () -> {
              world.jobs.end(match.jobId());
              int number = world.jobs.number(match.jobId(), "class_number");
              at.ended.ended(
                  new JobEvents.AttemptEnded(
                      new AttemptId(new JobId(match.jobId()), match.attempt()),
                      number,
                      "pilot",
                      HERE,
                      ce,
                      match.cores(),
                      100,
                      false,
                      JobEvents.Outcome.DONE));
            });
  }
}
