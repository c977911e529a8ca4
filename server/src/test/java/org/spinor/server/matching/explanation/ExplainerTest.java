package org.spinor.server.matching.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.Explanation;
import org.spinor.api.JobAttempt;
import org.spinor.api.JobStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.matching.Asks;
import org.spinor.server.matching.FakeJobFacts;
import org.spinor.server.matching.Offers;
import org.spinor.server.matching.TestConfiguration;
import org.spinor.server.matching.TestMatching;
import org.spinor.server.resources.Sites;

class ExplainerTest {
  private final TestConfiguration configuration = new TestConfiguration();
  private TestMatching world;
  private TestMatching.Server server;

  @BeforeEach
  void start() {
    world = new TestMatching(configuration);
    server = world.new Server();
    queue("LCG.Here.org", "ce.here.org", 8, 86_400);
    queue("LCG.There.org", "ce.there.org", 4, 3600);
  }

  @AfterEach
  void stop() {
    server.close();
    world.close();
  }

  private void queue(String site, String ce, int cores, long cpuTime) {
    queue(site, ce, cores, cpuTime, List.of());
  }

  private void queue(String site, String ce, int cores, long cpuTime, List<String> requiredTags) {
    world.queues.add(
        new Sites.KnownQueue(
            new Configuration.Queue(
                site,
                ce,
                "long",
                "Elsewhere",
                Set.of("vo"),
                cpuTime,
                cores,
                16_000,
                0,
                false,
                List.of("fast"),
                requiredTags,
                List.of(),
                1,
                10,
                Map.of()),
            true,
            ""));
  }

  @Test
  void untrustedQueueTakesOnlyJobsMarkedForVolunteers() {
    world.queues.clear();
    queue("LCG.Home.org", "boinc.org", 1, 86_400, List.of("Volunteers"));
    Explanation why = server.explainer.explain(submit(Asks.plain()));
    assertThat(clause(why, "volunteers").text())
        .isEqualTo("is not marked for volunteers; 1 takes only jobs marked for volunteers");
    assertThat(why.verdict()).isEqualTo("no_resource");
    assertThat(why.summary()).contains("mark the job (Volunteers = true)");
    Explanation marked = server.explainer.explain(submit(Asks.plain().volunteers()));
    assertThat(marked.verdict()).isNotEqualTo("no_resource");
  }

  @Test
  void markedJobRunsOnTrustedQueuesToo() {
    Explanation why = server.explainer.explain(submit(Asks.plain().volunteers()));
    assertThat(why.verdict()).isNotEqualTo("no_resource");
  }

  private long submit(Asks asks) {
    return server.submit(asks.build(), 1, 1).getFirst();
  }

  private static Explanation.Clause clause(Explanation explanation, String name) {
    return explanation.clauses().stream()
        .filter(clause -> clause.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  @Test
  void askingForTooMuchIsToldWithTheNumbersAndTheWayOut() {
    Explanation why = server.explainer.explain(submit(Asks.plain().cores(64, 64)));
    assertThat(why.verdict()).isEqualTo("no_resource");
    assertThat(why.summary())
        .isEqualTo(
            "It asks for 64 cores; the largest of 2 known queues offers 8: lower NumberOfProcessors,"
                + " or ask your VO's operators for larger slots.");
    assertThat(clause(why, "cores").queuesRefused()).isEqualTo(2);
    assertThat(clause(why, "cores").queuesTotal()).isEqualTo(2);
    assertThat(clause(why, "cpu_time").queuesRefused()).isZero();
    assertThat(why.couldRun()).isEmpty();
  }

  @Test
  void conditionsThatExcludeEachOtherAreAllTold() {
    Explanation why =
        server.explainer.explain(
            submit(Asks.plain().cores(8, 8).cpuTime(3600).sites("LCG.There.org")));
    assertThat(why.verdict()).isEqualTo("no_resource");
    assertThat(why.summary())
        .startsWith("Nothing known fulfils all of its conditions at once: it ")
        .contains("refused by 1 of 2 queues")
        .contains("may run only at LCG.There.org");
  }

  @Test
  void tagsThatNobodyOffersAreNamed() {
    Explanation why = server.explainer.explain(submit(Asks.plain().tags("fast", "fpga")));
    assertThat(why.summary()).contains("nobody offers fpga");
  }

  @Test
  void withoutAnyQueueOrPilotThatIsSaid() {
    world.queues.clear();
    Explanation why = server.explainer.explain(submit(Asks.plain()));
    assertThat(why.verdict()).isEqualTo("no_resource");
    assertThat(why.summary()).startsWith("No queue is configured");
  }

  @Test
  void nodesOfUnknownSizeAreKnownOnceAPilotHasLooked() {
    world.queues.clear();
    queue("LCG.Here.org", "ce.here.org", 0, 86_400);
    long job = submit(Asks.plain().cores(64, 64));
    server.recent.seen("pilot", Offers.plain().queue("long").cores(16).build());
    server.recent.flush();
    Explanation why = server.explainer.explain(job);
    assertThat(why.verdict()).isEqualTo("no_resource");
    assertThat(why.summary()).contains("the only known queue offers 16");
    assertThat(server.demand.servable(world.queues.stream().map(Sites.KnownQueue::offer).toList()))
        .isEmpty();
  }

  @Test
  void freeQueueWithoutPilotsIsWaitedFor() {
    submit(Asks.plain());
    Explanation why = server.explainer.explain(submit(Asks.plain()));
    assertThat(why.verdict()).isEqualTo("waits_for_free_slot");
    assertThat(why.jobsAhead()).isEqualTo(1);
    assertThat(why.couldRun())
        .containsExactly("LCG.Here.org ce.here.org long", "LCG.There.org ce.there.org long");
  }

  @Test
  void pilotThatAskedMakesItSoonAndOthersMakeItAShare() {
    long job = submit(Asks.plain());
    server.recent.seen("pilot", Offers.plain().build());
    server.recent.seen("pilot2", Offers.plain().cpuTime(1_000_001).build());
    server.recent.seen("small", Offers.plain().cpuTime(100).build());
    server.recent.flush();
    Explanation soon = server.explainer.explain(job);
    assertThat(soon.verdict()).isEqualTo("runs_soon");
    assertThat(soon.couldRun()).contains("2 pilots at LCG.Here.org ce.here.org queue");
    assertThat(clause(soon, "cpu_time").pilotsRefused()).isEqualTo(1);
    assertThat(clause(soon, "cpu_time").pilotsTotal()).isEqualTo(3);
    configuration.group("prod", 3000, false, false);
    server.submit(Asks.plain().group("prod").owner("bob").build(), 1, 5);
    Explanation share = server.explainer.explain(job);
    assertThat(share.verdict()).isEqualTo("waits_for_share");
    assertThat(share.summary()).contains("5 jobs of others").contains("25%");
    assertThat(share.shareText()).startsWith("group user has 25% of the shares of the 2 groups");
  }

  @Test
  void bannedSitesAreNamed() {
    long job = submit(Asks.plain());
    world.sites.put("LCG.Here.org", false);
    world.sites.put("LCG.There.org", false);
    Explanation why = server.explainer.explain(job);
    assertThat(why.verdict()).isEqualTo("banned");
    assertThat(why.summary()).contains("LCG.Here.org, LCG.There.org");
    assertThat(server.explainer.explain(submit(Asks.plain().jobType("Test"))).verdict())
        .isEqualTo("waits_for_free_slot");
  }

  @Test
  void limitThatHoldsIsNamedWithItsNumbers() {
    configuration.limit("LCG.Here.org", "JobType", "User", 1);
    configuration.delay("LCG.There.org", "Owner", "alice", 1000);
    submit(Asks.plain());
    submit(Asks.plain());
    long job = submit(Asks.plain());
    assertThat(server.ask(Offers.plain().build(), "a").matches()).hasSize(1);
    assertThat(server.ask(Offers.plain().site("LCG.There.org").build(), "b").matches()).hasSize(1);
    server.states.since(System.nanoTime(), "LCG.Here.org", "");
    server.states.since(System.nanoTime(), "LCG.There.org", "");
    Explanation why = server.explainer.explain(job);
    assertThat(why.verdict()).isEqualTo("limited");
    assertThat(why.summary())
        .contains("JobType = User at LCG.Here.org (1 run)")
        .contains("Owner = alice at LCG.There.org");
    assertThat(clause(why, "running_limit").queuesRefused()).isEqualTo(1);
    assertThat(clause(why, "matching_delay").queuesRefused()).isEqualTo(1);
  }

  @Test
  void jobThatDoesNotWaitIsToldHonestly() {
    long job = submit(Asks.plain());
    server.facts.fates.put(
        job,
        new FakeJobFacts.Fate(
            JobStatus.Failed,
            "Application Finished With Errors",
            "exit code 42",
            List.of(attempt(1, "infrastructure", "no sign of life"), attempt(2, "failed", null))));
    Explanation why = server.explainer.explain(job);
    assertThat(why.verdict()).isEqualTo("not_waiting");
    assertThat(why.summary())
        .contains("failed at 2026-11-21T10:00:00Z")
        .contains("Application Finished With Errors; exit code 42")
        .contains("tried 2 times: attempt 2 at LCG.Here.org ended as failed; attempt 1 at")
        .contains("(no sign of life)");
  }

  private static JobAttempt attempt(int number, String outcome, @Nullable String reason) {
    return new JobAttempt(
        number,
        "pilot",
        "LCG.Here.org",
        "ce.here.org",
        Instant.EPOCH,
        Instant.EPOCH,
        outcome,
        reason);
  }
}
