package org.spinor.cli.demo;

import java.time.Duration;
import java.util.List;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.spinor.client.Condition;
import org.spinor.client.Search;
import org.spinor.client.ServerUnreachableException;
import org.spinor.client.SpinorClient;
import tools.jackson.databind.JsonNode;

/** Ends all pilots of a server, as an operator would. */
final class PilotEnd {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int MOST = 1000;

  private final SpinorClient operator;

  PilotEnd(SpinorClient operator) {
    this.operator = operator;
  }

  /** Tells them to end, and gives them a little time for it; what fails here, force will do. */
  void killAll() {
    try {
      long end = System.nanoTime() + LIMIT.toNanos();
      List<JsonNode> living = living();
      for (JsonNode pilot : living) {
        operator.pilots().kill(pilot.path("PilotStamp").asString());
      }
      while (!living.isEmpty() && System.nanoTime() < end) {
        Thread.sleep(PAUSE);
        living = living();
      }
    } catch (SpinorException | ServerUnreachableException e) {
      // the server is in no state to do it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<JsonNode> living() {
    List<String> ended = PilotStatus.FINAL.stream().map(Enum::name).toList();
    Search search =
        Search.of(List.of(new Condition("Status", "not in", ended)))
            .columns("PilotStamp", "Status");
    return operator.pilots().search(search, 1, MOST).rows();
  }
}
