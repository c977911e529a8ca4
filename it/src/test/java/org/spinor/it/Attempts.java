package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the server tells of the attempts at jobs. */
final class Attempts {
  private Attempts() {}

  /** How the attempts at a job ended, in their order. */
  static List<String> outcomes(Api user, long id) {
    List<String> outcomes = new ArrayList<>();
    for (JsonNode attempt : of(user, id)) {
      outcomes.add(attempt.path("outcome").asString());
    }
    return outcomes;
  }

  /** The last attempt went well, and those before were lost by the infrastructure. */
  static void endedOnce(Api user, long id) {
    List<String> outcomes = outcomes(user, id);
    assertThat(outcomes).as("attempts of job %d", id).endsWith("done");
    assertThat(outcomes.subList(0, outcomes.size() - 1))
        .as("attempts of job %d before the last", id)
        .allMatch("infrastructure"::equals);
  }

  /** Those that did not go well. */
  static List<JsonNode> lost(Api user, List<Long> ids) {
    List<JsonNode> lost = new ArrayList<>();
    for (long id : ids) {
      for (JsonNode attempt : of(user, id)) {
        if (!attempt.path("outcome").asString().equals("done")) {
          lost.add(attempt);
        }
      }
    }
    return lost;
  }

  static JsonNode of(Api user, long id) {
    return user.ok("GET", "/api/jobs/" + id + "/attempts", null);
  }
}
