package org.spinor.server.provisioning.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.QueueInfo;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.provisioning.ProvisioningRoom;
import org.spinor.server.resources.TestSites;
import org.spinor.spi.testkit.FakeComputingElement;
import org.spinor.spi.testkit.FakeComputingElement.Call;

/** What operators read of why pilots are sent or are not. */
class QueueBoardTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, new FakeJobs());
  private static final Configuration.Queue NORTH =
      TestSites.queue("LCG.North.org", "ce.north.org", "long", "Fake", 1, 8, 10, Map.of());
  private static final Configuration.Queue SOUTH =
      TestSites.queue("LCG.South.org", "ce.south.org", "long", "Fake", 1, 8, 10, Map.of());
  private static final Configuration.Queue CLOSED =
      TestSites.queue("LCG.West.org", "ce.west.org", "long", "Fake", 1, 0, 0, Map.of());

  private static final Configuration.Queue MACHINES =
      TestSites.queue("VAC.East.org", "vac", "desks", "Vacuum", 1, 1, 5, Map.of());

  private final ProvisioningRoom room =
      new ProvisioningRoom(DATABASE, DRIVER, NORTH, SOUTH, CLOSED, MACHINES);

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

  @Test
  void reasonsFollowWhatHappens() {
    assertThat(why(NORTH)).isEqualTo("no waiting job fits here now");
    assertThat(why(CLOSED)).isEqualTo("none may be here: MaxTotalPilots is 0");
    room.demand(3, NORTH);
    assertThat(why(NORTH)).isEqualTo("3 pilots are sent next");
    assertThat(share(NORTH).jobs()).isEqualTo(3);
    room.cycles(2);
    assertThat(why(NORTH))
        .isEqualTo(
            "its work is covered by pilots that are idle or on their way, here or elsewhere");
    room.demand(100, NORTH);
    room.cycles(2);
    assertThat(why(NORTH)).isEqualTo("8 pilots wait for a slot: IdlePilots (8)");
    room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
    room.cycles(2);
    assertThat(why(NORTH)).isEqualTo("full: 10 pilots are here, MaxTotalPilots allows no more");
    assertThat(share(NORTH).running()).isEqualTo(8);
    room.pass(Duration.ofSeconds(31));
    assertThat(info(NORTH).lastSent()).isNotNull();
  }

  @Test
  void nothingIsSentToQueuesOfMachines() {
    room.demand(100, MACHINES);
    room.cycles(3);
    assertThat(share(MACHINES).jobs()).isEqualTo(100);
    assertThat(share(MACHINES).unsent()).isZero();
    assertThat(info(MACHINES).breaker()).isEqualTo("closed");
    assertThat(why(MACHINES))
        .isEqualTo(
            "machines run pilots here by themselves, 5 at most; none does now: spinor machines list --site VAC.East.org");
    // those of machines are counted: other queues need not serve their jobs
    DATABASE
        .jdbc()
        .sql(
            """
            INSERT INTO pilots.pilot (stamp, reference, vo, destination_site, queue, grid_site, grid_type, status, machine_id)
            VALUES ('m1', 'm1', 'dteam', 'vac', 'desks', 'VAC.East.org', 'Vacuum', 'Submitted', 1)
            """)
        .update();
    room.demand(1, MACHINES, NORTH);
    room.cycles(2);
    assertThat(share(NORTH).unsent() + share(NORTH).waiting()).isZero();
    assertThat(why(MACHINES)).contains("; 1 now: ");
  }

  @Test
  void brokenQueueSaysWhenItIsTriedAgainAndWhy() {
    room.demand(100, NORTH);
    room.fake(NORTH).always(Call.SUBMIT, FakeComputingElement.unreachable());
    room.cycles(3);
    assertThat(why(NORTH)).startsWith("left alone until 2").endsWith(": connection refused");
    assertThat(info(NORTH).breaker()).isEqualTo("open");
    assertThat(info(NORTH).retryAt()).isNotNull();
    assertThat(info(NORTH).lastErrorAt()).isNotNull();
    assertThat(info(NORTH).limits()).isEqualTo(new QueueInfo.Limits(8, 1, 10));
    room.age(NORTH, Duration.ofSeconds(61));
    assertThat(why(NORTH)).isEqualTo("tried again next with one pilot: connection refused");
  }

  @Test
  void bannedSiteSaysSo() {
    room.ban(NORTH, "cooling");
    assertThat(why(NORTH))
        .isEqualTo("the site is banned: only jobs of type Test come here, and none waits");
    assertThat(info(NORTH).siteStatus()).isEqualTo("Banned");
  }

  @Test
  void queueWhosePilotsWaitLongGetsFewerThanOneThatStartsThemAtOnce() {
    room.backEnd(SOUTH).slots(0);
    room.demand(100, NORTH, SOUTH);
    room.cycles(2);
    assertThat(room.backEnd(SOUTH).accepted()).isEqualTo(8);
    assertThat(info(SOUTH).limits().idleNow()).isEqualTo(8);
    room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
    room.age(Duration.ofMinutes(30));
    room.pass(Duration.ofMinutes(30));
    assertThat(info(NORTH).limits().idleNow()).isEqualTo(8);
    assertThat(info(SOUTH).limits().idleNow()).isEqualTo(2);
    assertThat(info(SOUTH).waits().longestSeconds()).isBetween(1800L, 1900L);
    assertThat(info(NORTH).waits().started()).isEqualTo(8);
    assertThat(why(SOUTH))
        .isEqualTo("8 pilots wait for a slot: 2 of IdlePilots (8) as they wait long here");
  }

  private QueueInfo info(Configuration.Queue queue) {
    return room.board().stream()
        .filter(each -> each.ce().equals(queue.ce()))
        .findFirst()
        .orElseThrow();
  }

  private QueueInfo.Share share(Configuration.Queue queue) {
    return info(queue).shares().getFirst();
  }

  private String why(Configuration.Queue queue) {
    return share(queue).why();
  }
}
