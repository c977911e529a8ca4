package org.spinor.server.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.resources.TestSites;
import org.spinor.spi.Fault;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.FakeComputingElement.Call;
import org.spinor.spi.testkit.Misbehaviour;

/**
 * Hours at sites that do what sites really do, in steps of half a minute: whatever happens, no more
 * pilots are there than the limits allow, and every job is done once.
 */
class SiteStoriesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FakeJobs JOBS = new FakeJobs();
  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, JOBS);
  private static final Duration STEP = Duration.ofSeconds(31);
  private static final int IDLE = 4;
  private static final int MOST = 8;
  private static final Configuration.Queue NORTH = queue("North");
  private static final Configuration.Queue SOUTH = queue("South");

  private final ProvisioningRoom room = new ProvisioningRoom(DATABASE, DRIVER, NORTH, SOUTH);
  private final Deque<Long> line = new ArrayDeque<>();
  private final Map<String, Long> holding = new HashMap<>();
  private final Set<Long> done = new HashSet<>();
  private long jobs;

  private static Configuration.Queue queue(String name) {
    return TestSites.queue(
        "LCG." + name + ".org", "ce." + name, "long", "Fake", 1, IDLE, MOST, Map.of());
  }

  @BeforeEach
  void clean() {
    DATABASE
        .jdbc()
        .sql("TRUNCATE pilots.pilot, pilots.live, pilots.log, provisioning.queue")
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void hoursOfTroubleLoseNoJobAndBreakNoLimit(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    room.backEnd(NORTH).slots(5);
    room.backEnd(SOUTH).slots(3).queueLimit(6);
    submit(60);
    for (int i = 0; i < 120; i++) {
      trouble(random, NORTH);
      trouble(random, SOUTH);
      step(random, NORTH, SOUTH);
    }
    room.fake(NORTH).behave();
    room.fake(SOUTH).behave();
    finish(random, NORTH, SOUTH);
  }

  /** One of the things that sites do, now and then; some last, some befall one call. */
  private void trouble(SplittableRandom random, Configuration.Queue queue) {
    var fake = room.fake(queue);
    TemporaryException lost = new TemporaryException("connection reset by peer");
    switch (random.nextInt(24)) {
      case 0 -> fake.next(Call.SUBMIT, new Misbehaviour.LosesAnswer(lost));
      case 1 -> fake.next(Call.SUBMIT, new Misbehaviour.DeliversTwice());
      case 2 -> fake.next(Call.SUBMIT, new Misbehaviour.SameReferenceForAll());
      case 3 -> fake.next(Call.SUBMIT, new Misbehaviour.RefusesEvery(2, Fault.TEMPORARY, "busy"));
      case 4 -> fake.next(Call.SUBMIT, new Misbehaviour.LeavesOut());
      case 5 -> fake.next(Call.STATUS, new Misbehaviour.Fails(lost), new Misbehaviour.LeavesOut());
      case 6 -> fake.next(Call.CANCEL, new Misbehaviour.Fails(lost));
      case 7 -> fake.always(Call.STATUS, new Misbehaviour.Lies(PilotState.UNKNOWN));
      case 8 -> fake.always(Call.SUBMIT, new Misbehaviour.TimesOutAbove(2));
      case 9 -> fake.always(Call.STATUS, new Misbehaviour.TimesOutAbove(2));
      case 10, 11, 12 -> fake.behave();
      case 13 -> killOne(random, queue);
      default -> {}
    }
  }

  private void killOne(SplittableRandom random, Configuration.Queue queue) {
    List<PilotSubmission> living = room.backEnd(queue).living();
    if (!living.isEmpty()) {
      room.backEnd(queue).finish(living.get(random.nextInt(living.size())).stamp(), 137);
    }
  }

  @Test
  void statusUnknownForHoursBreaksNoLimitWhenTheSiteComesBack() {
    SplittableRandom random = new SplittableRandom(1);
    room.backEnd(NORTH).slots(2);
    submit(40);
    step(random, NORTH);
    step(random, NORTH);
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.Lies(PilotState.UNKNOWN));
    room.backEnd(NORTH).slots(0);
    for (int i = 0; i < 130; i++) {
      step(random, NORTH);
    }
    assertThat(room.statuses()).contains("Aborted");
    room.fake(NORTH).behave();
    room.backEnd(NORTH).slots(5);
    finish(random, NORTH);
  }

  @Test
  void timeOutsOfBulkCallsMakeTheCallsSmaller() {
    Configuration.Queue wide =
        TestSites.queue("LCG.North.org", "ce.North", "long", "Fake", 1, 60, 60, Map.of());
    room.configure(wide);
    room.fake(NORTH).always(Call.SUBMIT, new Misbehaviour.TimesOutAbove(7));
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.TimesOutAbove(30));
    room.demand(60, NORTH);
    for (int i = 0; i < 30; i++) {
      room.cycles(1);
      pass();
    }
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(60);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(60);
  }

  @Test
  void queueThatKillsEverythingAtOnceCostsFewPilots() {
    submit(100);
    for (int i = 0; i < 120; i++) {
      room.demand(line.size(), NORTH);
      room.cycles(1);
      room.backEnd(NORTH).living().forEach(sent -> room.backEnd(NORTH).finish(sent.stamp(), 1));
      pass();
    }
    // Four at first, four more at most before the fifth death is seen, then one after each pause.
    assertThat(room.backEnd(NORTH).accepted()).isBetween(5, 16);
    assertThat(room.breaker(NORTH)).isNotEqualTo("closed");
    assertThat(line).hasSize(100);
  }

  @Test
  void slowAnswersAreWaitedFor() {
    room.fake(NORTH).always(Call.SUBMIT, new Misbehaviour.Slow(Duration.ofMillis(200)));
    room.demand(4, NORTH);
    room.cycles(2);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(4);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
  }

  private void submit(int count) {
    for (int i = 0; i < count; i++) {
      line.add(++jobs);
    }
  }

  private void finish(SplittableRandom random, Configuration.Queue... queues) {
    for (int i = 0; done.size() < jobs; i++) {
      assertThat(i)
          .as("steps until all %d jobs are done, %d are", jobs, done.size())
          .isLessThan(600);
      step(random, queues);
    }
    assertThat(line).isEmpty();
    assertThat(holding).isEmpty();
  }

  private void step(SplittableRandom random, Configuration.Queue... queues) {
    room.demand(line.size(), queues);
    room.cycles(1);
    takeBackWhatWasReleased();
    for (Configuration.Queue queue : queues) {
      List<PilotSubmission> living = room.backEnd(queue).living();
      assertThat(living.size()).as("pilots of " + queue.ce()).isLessThanOrEqualTo(MOST);
      for (PilotSubmission pilot : living) {
        if (room.backEnd(queue).startsOf(pilot.stamp()) > 0) {
          work(random, queue, pilot.stamp());
        }
      }
    }
    pass();
  }

  /** A pilot takes a job, goes on with it, or is done with it and ends. */
  private void work(SplittableRandom random, Configuration.Queue queue, String stamp) {
    assertThat(room.backEnd(queue).startsOf(stamp)).as("starts of " + stamp).isEqualTo(1);
    if (!room.believesIn(stamp)) {
      return;
    }
    Long job = holding.get(stamp);
    if (job == null && !line.isEmpty()) {
      long next = line.remove();
      holding.put(stamp, next);
      JOBS.give(stamp, next, 1);
    } else if (job != null && random.nextInt(3) == 0) {
      JOBS.attemptsOf(stamp).forEach(JOBS::take);
      holding.remove(stamp);
      assertThat(done.add(job)).as("job " + job + " is done once").isTrue();
    }
    DRIVER.speak(stamp);
    if (job != null && random.nextInt(4) == 0 && !holding.containsKey(stamp)) {
      room.backEnd(queue).finish(stamp, 0);
    }
  }

  /** Attempts of pilots that the server gave up wait again. */
  private void takeBackWhatWasReleased() {
    holding
        .entrySet()
        .removeIf(
            held -> {
              boolean released = JOBS.attemptsOf(held.getKey()).isEmpty();
              if (released) {
                line.add(held.getValue());
              }
              return released;
            });
  }

  private void pass() {
    room.age(STEP);
    room.pass(STEP);
    room.age(NORTH, STEP);
    room.age(SOUTH, STEP);
  }
}
