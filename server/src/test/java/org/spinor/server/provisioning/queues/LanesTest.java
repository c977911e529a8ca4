package org.spinor.server.provisioning.queues;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.AskingPlugin;
import org.spinor.server.provisioning.ProvisioningRoom;
import org.spinor.server.provisioning.elements.Elements;

/** A queue that several VOs share, at an element that wants to see a token with each call. */
class LanesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Configuration.Queue SHARED =
      new Configuration.Queue(
          "LCG.East.org",
          "ce.east.org",
          "grid",
          "Asking",
          Set.of("dteam", "biomed"),
          86_400,
          1,
          0,
          0,
          false,
          List.of(),
          List.of(),
          List.of(),
          4,
          10,
          Map.of());
  private static final Pilots.Queue KEY = Elements.key(SHARED);
  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, new FakeJobs());
  private final ProvisioningRoom room = new ProvisioningRoom(DATABASE, DRIVER, SHARED);
  private final Pilots pilots = DRIVER.pilots();

  @BeforeEach
  void clean() {
    DATABASE
        .jdbc()
        .sql(
            "TRUNCATE pilots.pilot, pilots.live, pilots.log, provisioning.queue, provisioning.vo_pause")
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
  void eachCallIsAboutPilotsOfTheVoWhoseTokenItShows() {
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "dteam", 3)));
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "biomed", 2)));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(5);
    assertThat(room.asking.calls)
        .containsExactlyInAnyOrder(
            new AskingPlugin.Call("dteam compute.create", Set.of("dteam")),
            new AskingPlugin.Call("biomed compute.create", Set.of("biomed")));
    assertThat(room.broker.orders)
        .allSatisfy(
            order -> {
              assertThat(order.audience()).isEqualTo("https://ce.east.org:443");
              assertThat(order.purpose()).isEqualTo("LCG.East.org/ce.east.org/grid");
            });
    room.asking.calls.clear();
    room.age(Duration.ofMinutes(1));
    room.workQueuesOnly();
    assertThat(room.asking.calls)
        .filteredOn(call -> call.token().equals("dteam compute.read"))
        .singleElement()
        .satisfies(call -> assertThat(call.about()).hasSize(3));
    assertThat(room.asking.calls)
        .filteredOn(call -> call.token().equals("biomed compute.read"))
        .singleElement()
        .satisfies(call -> assertThat(call.about()).hasSize(2));
    room.asking.calls.clear();
    pilots.withdraw(KEY, "biomed", 2, "nothing waits");
    room.workQueuesOnly();
    assertThat(room.asking.calls)
        .singleElement()
        .satisfies(call -> assertThat(call.token()).isEqualTo("biomed compute.cancel"));
  }

  @Test
  void voWithoutATokenWaitsAloneAndTheQueueGoesOn() {
    room.broker.failing.put("biomed", Remedy.OPERATOR);
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "biomed", 4)));
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "dteam", 1)));
    room.cycles(1);
    assertThat(sent("dteam")).isEqualTo(1);
    assertThat(sent("biomed")).isZero();
    assertThat(room.breaker(SHARED)).isEqualTo("closed");
    assertThat(room.lastError(SHARED)).isEqualTo("VO biomed: no token");
    int asked = room.broker.orders.size();
    room.demand(100, SHARED);
    room.cycles(3);
    assertThat(room.broker.orders.stream().skip(asked))
        .as("while the pause lasts")
        .noneMatch(order -> order.vo().equals("biomed"));
    assertThat(sent("dteam"))
        .as("pilots of biomed that cannot be sent take no place from others")
        .isEqualTo(4);
  }

  @Test
  void manyPilotsOfAVoThatWaitsStandInNobodysWay() {
    room.broker.failing.put("biomed", Remedy.OPERATOR);
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "biomed", 150)));
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "dteam", 1)));
    room.cycles(2);
    assertThat(sent("dteam")).as("more than one call may take are older").isEqualTo(1);
  }

  @Test
  void pauseEndsAndIsForgottenWithTheFirstToken() {
    room.broker.failing.put("biomed", Remedy.LATER);
    pilots.create(List.of(new Pilots.Order(KEY, "Asking", "biomed", 1)));
    room.cycles(1);
    assertThat(pauses()).isEqualTo(1);
    room.broker.failing.clear();
    room.cycles(1);
    assertThat(sent("biomed")).isZero();
    DATABASE.jdbc().sql("UPDATE provisioning.vo_pause SET retry_at = now()").update();
    room.cycles(1);
    assertThat(sent("biomed")).isEqualTo(1);
    assertThat(pauses()).isZero();
  }

  @Test
  void pauseGrowsToTenMinutes() {
    VoPauses all = new VoPauses(DATABASE.jdbc());
    for (int i = 0; i < 40; i++) {
      // in one transaction, where now() stands still
      double seconds =
          DATABASE
              .transactions()
              .in(
                  () -> {
                    all.begin(KEY, "biomed", Duration.ofMinutes(1));
                    return DATABASE
                        .jdbc()
                        .sql(
                            "SELECT extract(epoch FROM retry_at - now())::float8 FROM provisioning.vo_pause")
                        .query(Double.class)
                        .single();
                  });
      assertThat(seconds).isEqualTo(Math.min(600, 60 << Math.min(i, 10)));
    }
    all.endAll();
    assertThat(all.now()).isEmpty();
  }

  private static long sent(String vo) {
    return DATABASE
        .jdbc()
        .sql("SELECT count(*) FROM pilots.pilot WHERE vo = :vo AND accepted")
        .param("vo", vo)
        .query(Long.class)
        .single();
  }

  private static long pauses() {
    return DATABASE
        .jdbc()
        .sql("SELECT count(*) FROM provisioning.vo_pause")
        .query(Long.class)
        .single();
  }
}
