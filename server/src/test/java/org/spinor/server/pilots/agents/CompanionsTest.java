package org.spinor.server.pilots.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.CompanionPilot;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.PilotRoom;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.contact.Standing;

/** Pilots on the further nodes of an allocation. */
class CompanionsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE);
  private static final Contacts CONTACTS = ROOM.get(Contacts.class);

  private String leader = "";

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  @BeforeEach
  void send() {
    DATABASE.jdbc().sql("TRUNCATE pilots.pilot, pilots.live").update();
    leader = ROOM.newPilot();
    ROOM.fleet().accepted(Map.of(leader, "job 17"));
  }

  private CompanionPilot ask(int node) {
    return ROOM.agents.companion(PilotRoom.pilot(leader), leader, node);
  }

  @Test
  void eachNodeGetsAPilotAtTheSamePlaceOnce() {
    CompanionPilot first = ask(1);
    CompanionPilot again = ask(1);
    CompanionPilot second = ask(2);
    assertThat(List.of(first.stamp(), again.stamp(), second.stamp()))
        .containsExactly(leader + "-1", leader + "-1", leader + "-2");
    assertThat(ROOM.secrets.voOf(first.stamp(), first.secret())).contains("dteam");
    assertThat(ROOM.secrets.voOf(first.stamp(), again.secret())).contains("dteam");
    assertThat(ROOM.secrets.voOf(second.stamp(), first.secret())).isEmpty();
    Standing standing = CONTACTS.standing(first.stamp()).orElseThrow();
    assertThat(standing.place()).isEqualTo(CONTACTS.standing(leader).orElseThrow().place());
    assertThat(standing.status()).isEqualTo(PilotStatus.Running);
    assertThat(standing.live()).as("missed when it is silent").isTrue();
    Pilots.Population population = ROOM.fleet().populations().getFirst();
    assertThat(population.total()).isEqualTo(3);
    assertThat(population.idle()).isEqualTo(2);
  }

  @Test
  void anEndedPilotAndAFurtherOneGetNone() {
    String companion = ask(1).stamp();
    assertThatThrownBy(() -> ROOM.agents.companion(PilotRoom.pilot(companion), companion, 1))
        .isInstanceOf(SpinorException.class);
    assertThatThrownBy(() -> ROOM.agents.companion(PilotRoom.pilot("other"), leader, 1))
        .isInstanceOf(SpinorException.class);
    assertThatThrownBy(() -> ask(0)).isInstanceOf(SpinorException.class);
    assertThatThrownBy(() -> ask(3))
        .as("no more pilots than nodes")
        .hasMessageContaining("has 3 nodes");
    ROOM.fleet().ended(List.of(leader), PilotStatus.Aborted, "gone");
    assertThatThrownBy(() -> ask(2)).hasMessageContaining("has ended");
  }
}
