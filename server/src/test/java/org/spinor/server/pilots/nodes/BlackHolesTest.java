package org.spinor.server.pilots.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.api.NodeInfo;
import org.spinor.api.NodeRelease;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.WorkAnswer;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobEvents.Outcome;
import org.spinor.server.pilots.PilotRoom;

class BlackHolesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom ROOM = new PilotRoom(DATABASE);
  private static final BlackHoles BLACK_HOLES = ROOM.get(BlackHoles.class);
  private static final NodesController NODES = ROOM.get(NodesController.class);
  private int jobs;

  @AfterAll
  static void close() {
    ROOM.close();
    DATABASE.close();
  }

  @BeforeEach
  void clean() {
    DATABASE.jdbc().sql("TRUNCATE pilots.pilot, pilots.live, pilots.node").update();
    BLACK_HOLES.read();
  }

  @Test
  void nodeWhereTheInfrastructureFailsAtOnceIsPutAside() {
    String bad = pilotOn("wn1");
    String good = pilotOn("wn2");
    for (int i = 0; i < 5; i++) {
      assertThat(work(bad).drain()).as("after %d failures", i).isFalse();
      end(bad, 1, 3, Outcome.INFRASTRUCTURE);
      BLACK_HOLES.count();
    }
    WorkAnswer answer = work(bad);
    assertThat(answer.drain()).isTrue();
    assertThat(answer.reason())
        .isEqualTo("5 jobs in a row failed within moments on wn1: the node is put aside");
    assertThat(work(pilotOn("wn1")).drain()).as("a new pilot on the node").isTrue();
    assertThat(work(good).drain()).isFalse();
    assertThat(ROOM.administration.show(PilotRoom.admin(), bad))
        .containsEntry("drain", true)
        .containsEntry("drain_reason", answer.reason());
  }

  @Test
  void oneUsersBrokenJobsCondemnNoNode() {
    String pilot = pilotOn("wn1");
    pilotOn("wn2");
    for (int i = 0; i < 20; i++) {
      end(pilot, 1 + i % 2, 1, Outcome.FAILED);
      BLACK_HOLES.count();
    }
    assertThat(work(pilot).drain()).isFalse();
  }

  @Test
  void manyKindsOfJobsFailingCondemnANodeIfOthersDoBetter() {
    String pilot = pilotOn("wn1");
    for (int i = 0; i < 6; i++) {
      end(pilot, i, 1, Outcome.FAILED);
      BLACK_HOLES.count();
    }
    assertThat(work(pilot).drain()).as("there is no other node").isFalse();
    pilotOn("wn2");
    end(pilot, 9, 1, Outcome.FAILED);
    BLACK_HOLES.count();
    assertThat(work(pilot).drain()).isTrue();
  }

  @Test
  void jobThatGoesWellClearsTheNode() {
    String pilot = pilotOn("wn1");
    for (int i = 0; i < 4; i++) {
      end(pilot, 1, 3, Outcome.INFRASTRUCTURE);
    }
    BLACK_HOLES.count();
    end(pilot, 1, 3, Outcome.DONE);
    BLACK_HOLES.count();
    for (int i = 0; i < 4; i++) {
      end(pilot, 1, 3, Outcome.INFRASTRUCTURE);
      BLACK_HOLES.count();
    }
    assertThat(work(pilot).drain()).isFalse();
    end(pilot, 1, 500, Outcome.FAILED);
    BLACK_HOLES.count();
    end(pilot, 1, 3, Outcome.INFRASTRUCTURE);
    BLACK_HOLES.count();
    assertThat(work(pilot).drain()).as("a long run counts as well").isFalse();
  }

  @Test
  void deathOfAPilotWithManyJobsIsOneFailure() {
    String pilot = pilotOn("wn1");
    for (int i = 0; i < 200; i++) {
      end(pilot, i, 3, Outcome.INFRASTRUCTURE);
    }
    BLACK_HOLES.count();
    assertThat(work(pilot).drain()).isFalse();
  }

  @Test
  void operatorsSeeAndReleaseNodesPutAside() {
    String pilot = pilotOn("wn1");
    for (int i = 0; i < 5; i++) {
      end(pilot, 1, 3, Outcome.INFRASTRUCTURE);
      BLACK_HOLES.count();
    }
    end(pilotOn("wn2"), 1, 3, Outcome.INFRASTRUCTURE);
    BLACK_HOLES.count();
    assertThat(NODES.list()).extracting(NodeInfo::host).containsExactly("wn1", "wn2");
    NodeInfo aside = NODES.list().getFirst();
    assertThat(aside.asideUntil()).isNotNull();
    assertThat(aside.pilots()).isEqualTo(1);
    assertThat(aside.reason()).contains("5 jobs in a row failed");
    assertThat(NODES.list().getLast().asideUntil()).isNull();

    NODES.release(PilotRoom.admin(), new NodeRelease(aside.site(), "wn1"));
    assertThat(NODES.list()).extracting(NodeInfo::host).containsExactly("wn2");
    assertThat(work(pilot).drain()).as("the pilot that was told").isFalse();
    assertThat(work(pilotOn("wn1")).drain()).isFalse();
    assertThatThrownBy(() -> NODES.release(PilotRoom.admin(), new NodeRelease(aside.site(), "wn1")))
        .hasMessageContaining("no node 'wn1'");
  }

  private static String pilotOn(String host) {
    String stamp = ROOM.newPilot();
    ROOM.agents.heartbeat(
        PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(List.of(), Map.of("host", host)));
    return stamp;
  }

  private static WorkAnswer work(String stamp) {
    return ROOM.agents.work(PilotRoom.pilot(stamp), stamp, PilotRoom.request("r", 1));
  }

  private void end(String stamp, int classNumber, long seconds, Outcome outcome) {
    BLACK_HOLES.attemptEnded(
        new JobEvents.AttemptEnded(
            new AttemptId(new JobId(++jobs), 1),
            classNumber,
            stamp,
            "LCG.North.org",
            "ce1.north.org",
            1,
            seconds,
            false,
            outcome));
  }
}
