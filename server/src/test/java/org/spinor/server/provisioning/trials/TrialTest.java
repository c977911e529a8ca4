package org.spinor.server.provisioning.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.PilotStatus;
import org.spinor.api.SiteTest;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.provisioning.ProvisioningRoom;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.resources.TestSites;
import org.spinor.server.tasks.Tasks;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.testkit.FakeComputingElement;
import org.spinor.spi.testkit.FakeComputingElement.Call;
import org.spinor.spi.testkit.Misbehaviour;

/** Tests of queues: each step that can fail says why, and what to do. */
class TrialTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, new FakeJobs());
  private static final Configuration.Queue NORTH =
      TestSites.queue("LCG.North.org", "ce.north.org", "long", "Fake", 1, 5, 10, Map.of());
  private static final String LOG =
      """
      2026-11-26T20:00:00Z INFO  [bootstrap] fetching http://s/pilot/bundles/linux-x86_64.tar.gz
      2026-11-26T20:00:02Z INFO  [bootstrap] starting the pilot
      2026-11-26T20:00:02Z INFO  [pilot] node: host = wn1.north.org
      2026-11-26T20:00:02Z INFO  [pilot] node: cores = 8
      2026-11-26T20:00:02Z INFO  [pilot] payloads are contained by: bubblewrap
      """;

  private final ProvisioningRoom room = new ProvisioningRoom(DATABASE, DRIVER, NORTH);
  private final Steps tasks = new Steps();
  private long test;

  /** The looks that are to come. */
  private static final class Steps implements Tasks {
    final Deque<String> payloads = new ArrayDeque<>();

    @Override
    public void add(String type, String payload) {
      assertThat(type).isEqualTo(QueueTester.TYPE);
      payloads.add(payload);
    }

    @Override
    public void addIn(Duration delay, String type, String payload) {
      assertThat(delay).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
      add(type, payload);
    }

    @Override
    public void wake(String type) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void clean() {
    DATABASE
        .jdbc()
        .sql(
            "TRUNCATE pilots.pilot, pilots.live, pilots.log, pilots.log_chunk, provisioning.queue, provisioning.site_test")
        .update();
  }

  @AfterEach
  void closeRoom() {
    room.close();
  }

  @AfterAll
  static void close() {
    DRIVER.close();
    DATABASE.close();
  }

  @Test
  void pilotIsFollowedToItsEnd() {
    room.backEnd(NORTH).slots(0);
    begin(true);
    look();
    assertThat(states())
        .isEqualTo("ok ok ok ok ok skipped ok running waiting waiting waiting waiting");
    assertThat(step("configuration").detail()).contains("IdlePilots 5, MaxTotalPilots 10");
    assertThat(step("plugin").detail()).contains("MULTI_CORE");
    assertThat(step("credentials").detail()).contains("asks the server for none");
    assertThat(step("queue").detail()).contains("waiting 0");
    look();
    assertThat(step("start").detail()).isEqualTo("waits for a slot");
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(1);

    room.backEnd(NORTH).slots(5);
    look();
    assertThat(step("start").state()).isEqualTo("ok");
    assertThat(step("bootstrap").detail()).contains("has not spoken yet");
    DRIVER.say(stamp(), LOG);
    look();
    assertThat(step("bootstrap").detail()).startsWith("fetching http://s/pilot/bundles");
    DRIVER.describe(stamp(), PilotStatus.Running, "");
    look();
    assertThat(step("node").detail())
        .isEqualTo("wn1.north.org, 8 cores, jobs contained by bubblewrap");
    DRIVER.describe(stamp(), PilotStatus.Done, "it was sent to test its queue");
    look();
    assertThat(step("end").detail()).contains("said goodbye");
    room.backEnd(NORTH).finish(stamp(), 0);
    look();
    assertThat(states()).isEqualTo("ok ok ok ok ok skipped ok ok ok ok ok ok");
    assertThat(view().state()).isEqualTo(SiteTest.PASSED);
    assertThat(view().steps())
        .allMatch(step -> step.state().equals("skipped") == (step.seconds() == null));
    assertThat(DRIVER.output(stamp())).contains("kept by the computing element");
    assertThat(tasks.payloads).isEmpty();
  }

  @Test
  void lookThatComesTwiceCountsOnce() {
    begin(true);
    String first = tasks.payloads.getFirst();
    look();
    String second = tasks.payloads.getFirst();
    room.trials.tester(tasks).run(first);
    assertThat(tasks.payloads).containsExactly(second);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(1);
  }

  @Test
  void serverThatDiesWhileSendingSendsOnePilotOnly() {
    begin(true);
    room.fake(NORTH)
        .next(Call.SUBMIT, new Misbehaviour.LosesAnswer(new TemporaryException("reset")));
    String first = tasks.payloads.getFirst();
    look();
    assertThat(step("submit").state()).isEqualTo("failed");
    // As if the look had been lost with the server before it was written down.
    DATABASE
        .jdbc()
        .sql(
            """
            UPDATE provisioning.site_test SET looks = 0, ended = NULL,
              steps = (SELECT jsonb_agg(CASE WHEN s ->> 'name' IN ('configuration', 'plugin', 'credentials', 'reach', 'queue') THEN s
                                             ELSE s || '{"state": "waiting", "seconds": null}' END) FROM jsonb_array_elements(steps) s)
            """)
        .update();
    tasks.payloads.clear();
    tasks.payloads.add(first);
    look();
    assertThat(step("submit").state()).isEqualTo("ok");
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(1);
  }

  @Test
  void withoutAPilotNothingIsSent() {
    begin(false);
    look();
    assertThat(states())
        .isEqualTo("ok ok ok ok ok skipped skipped skipped skipped skipped skipped skipped");
    assertThat(view().state()).isEqualTo(SiteTest.PASSED);
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).isZero();
    assertThat(room.stamps()).isEmpty();
  }

  @Test
  void missingPluginAndWrongParametersAreTold() {
    room.configure(
        TestSites.queue("LCG.North.org", "ce.north.org", "long", "Fakee", 1, 5, 10, Map.of()));
    begin(true);
    look();
    assertThat(step("plugin").detail())
        .contains("no plug-in", "'Fakee'", "installed are Asking, Fake");
    assertThat(view().state()).isEqualTo(SiteTest.FAILED);
    room.configure(
        TestSites.queue(
            "LCG.North.org", "ce.north.org", "long", "Fake", 1, 5, 10, Map.of("Prot", "x")));
    begin(true);
    look();
    assertThat(step("plugin").detail()).contains("did you mean Port?");
    assertThat(step("plugin").advice()).contains("correct the configuration");
  }

  @Test
  void elementThatCannotBeReachedSaysHow() {
    room.fake(NORTH).next(Call.STATUS, FakeComputingElement.unreachable());
    begin(true);
    look();
    assertThat(states())
        .isEqualTo(
            "ok ok ok failed skipped skipped skipped skipped skipped skipped skipped skipped");
    assertThat(step("reach").detail()).isEqualTo("connection refused");
    assertThat(step("reach").advice()).contains("firewall");
    room.fake(NORTH)
        .next(Call.STATUS, new Misbehaviour.Fails(new RefusedException("not in the gridmap")));
    begin(true);
    look();
    assertThat(step("reach").advice()).contains("refuses this server");
  }

  @Test
  void queueThatDoesNotTellIsTriedAllTheSame() {
    room.fake(NORTH)
        .next(
            Call.QUEUE_INFO,
            new Misbehaviour.Fails(new MisconfiguredException("no queue of this name")));
    begin(true);
    look();
    assertThat(step("queue").state()).isEqualTo("failed");
    assertThat(step("submit").state()).isEqualTo("ok");
    assertThat(view().state()).isEqualTo(SiteTest.RUNNING);
  }

  @Test
  void refusedPilotIsCalledOff() {
    room.fake(NORTH)
        .next(Call.SUBMIT, new Misbehaviour.RefusesEvery(1, Fault.USER, "account expired"));
    begin(true);
    look();
    assertThat(step("submit").detail()).isEqualTo("account expired");
    assertThat(view().state()).isEqualTo(SiteTest.FAILED);
    assertThat(room.statuses()).containsOnly("Deleted");
  }

  @Test
  void pilotThatCannotReachTheServerShowsItsOutput() {
    room.cycles(1);
    begin(true);
    look();
    room.backEnd(NORTH).finish(stamp(), 1);
    look();
    assertThat(step("start").state()).isEqualTo("ok");
    assertThat(step("bootstrap").state()).isEqualTo("failed");
    assertThat(step("bootstrap").detail())
        .contains("ended (FAILED)")
        .contains("http://spinor.example.org:8000");
    assertThat(step("bootstrap").advice()).contains("curl");
    assertThat(step("output").detail()).contains("err ");
    assertThat(view().state()).isEqualTo(SiteTest.FAILED);
    assertThat(room.breaker(NORTH)).as("a test does no harm").isEqualTo("closed");
  }

  @Test
  void bootstrapAndNodeThatFailSayWhatThePilotSaid() {
    begin(true);
    look();
    DRIVER.describe(stamp(), PilotStatus.Failed, "bootstrap: the bundle does not run");
    look();
    look();
    assertThat(step("bootstrap").detail()).isEqualTo("the bundle does not run");
    begin(true);
    look();
    DRIVER.say(stamp(), LOG);
    DRIVER.describe(stamp(), PilotStatus.Failed, "the node is not fit: /bin/sh does not run");
    look();
    assertThat(step("node").detail()).isEqualTo("the node is not fit: /bin/sh does not run");
    assertThat(view().state()).isEqualTo(SiteTest.FAILED);
  }

  @Test
  void pilotThatIsKilledIsToldOfByItsElement() {
    begin(true);
    look();
    DRIVER.say(stamp(), LOG);
    DRIVER.describe(stamp(), PilotStatus.Running, "");
    look();
    room.backEnd(NORTH).finish(stamp(), 137);
    look();
    assertThat(step("end").detail()).contains("FAILED", "has not said goodbye");
  }

  @Test
  void timeThatIsOverEndsTheTestAndThePilot() {
    room.backEnd(NORTH).slots(0);
    begin(true);
    look();
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.Lies(PilotState.HELD));
    look();
    assertThat(step("start").detail()).isEqualTo("held: so it is said");
    room.pass(Duration.ofSeconds(901));
    look();
    assertThat(step("start").detail()).isEqualTo("not within 900 s: held: so it is said");
    assertThat(step("start").advice()).contains("--timeout");
    assertThat(step("output").state()).isEqualTo("skipped");
    room.fake(NORTH).behave();
    room.cycles(1);
    assertThat(room.backEnd(NORTH).living()).as("cancelled").isEmpty();
  }

  @Test
  void testThatPassesGivesABrokenQueueAnotherTry() {
    room.demand(10, NORTH);
    room.fake(NORTH).always(Call.SUBMIT, FakeComputingElement.unreachable());
    room.cycles(3);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    room.fake(NORTH).behave();
    room.demand(0, NORTH);
    begin(true);
    look();
    assertThat(step("configuration").detail()).contains("stopped at present: connection refused");
    DRIVER.say(stamp(), LOG);
    DRIVER.describe(stamp(), PilotStatus.Running, "");
    DRIVER.describe(stamp(), PilotStatus.Done, "over");
    room.backEnd(NORTH).finish(stamp(), 0);
    look();
    assertThat(view().state()).isEqualTo(SiteTest.PASSED);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
  }

  @Test
  void queueThatIsTakenAwayEndsItsTest() {
    begin(true);
    look();
    room.configure();
    look();
    assertThat(step("configuration").detail()).contains("no longer in the configuration");
    assertThat(view().state()).isEqualTo(SiteTest.FAILED);
    assertThat(room.statuses()).containsOnly("Deleted");
  }

  private void begin(boolean withPilot) {
    tasks.payloads.clear();
    test =
        room.trials.tests.create(
            Elements.key(NORTH), "dteam", "anna", Duration.ofSeconds(900), withPilot);
    tasks.add(QueueTester.TYPE, QueueTester.payload(test, 0));
  }

  private void look() {
    String payload = tasks.payloads.poll();
    if (payload != null) {
      room.trials.tester(tasks).run(payload);
    }
  }

  private SiteTest view() {
    return room.trials.tests.view(NORTH.site(), test).orElseThrow();
  }

  private SiteTest.Step step(String name) {
    return view().steps().stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String states() {
    return view().steps().stream().map(SiteTest.Step::state).collect(Collectors.joining(" "));
  }

  private String stamp() {
    String stamp = view().stamp();
    assertThat(stamp).isNotNull();
    return stamp == null ? "" : stamp;
  }

  /** For readers: the names are an interface. */
  @Test
  void namesOfStepsStay() {
    begin(false);
    assertThat(view().steps())
        .extracting(SiteTest.Step::name)
        .isEqualTo(
            List.of(
                "configuration",
                "plugin",
                "credentials",
                "reach",
                "queue",
                "edge",
                "submit",
                "start",
                "bootstrap",
                "node",
                "end",
                "output"));
  }
}
