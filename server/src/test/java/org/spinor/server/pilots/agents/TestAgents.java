package org.spinor.server.pilots.agents;

import java.util.Map;
import org.spinor.api.CompanionPilot;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.server.identity.Caller;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.http.ResponseEntity;

/** What pilots call, for the tests of all floors. */
public final class TestAgents {
  private final AgentController controller;

  public TestAgents(BeanFactory room) {
    this.controller = room.getBean(AgentController.class);
  }

  public WorkAnswer work(Caller caller, String stamp, WorkRequest request) {
    return controller.work(caller, stamp, request);
  }

  public PilotAnswer heartbeat(Caller caller, String stamp, PilotHeartbeat heartbeat) {
    return controller.heartbeat(caller, stamp, heartbeat);
  }

  public ResponseEntity<Map<String, Object>> log(
      Caller caller, String stamp, long offset, byte[] body) {
    return controller.log(caller, stamp, offset, body);
  }

  CompanionPilot companion(Caller caller, String stamp, int number) {
    return controller.companion(caller, stamp, number);
  }
}
