package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A test of a site with one queue, as {@code spinor sites test} makes it. */
final class SiteTest {
  private final Api operator;
  private final String path;

  private SiteTest(Api operator, String path) {
    this.operator = operator;
    this.path = path;
  }

  /** Begins one. */
  static SiteTest of(Api operator, String site) {
    String tests = "/api/sites/" + site + "/tests";
    JsonNode begun = operator.ok("POST", tests, Map.of("timeout_seconds", 300));
    assertThat(begun).hasSize(1);
    return new SiteTest(operator, tests + "/" + begun.get(0).path("id").asLong());
  }

  /** What there is to know of it. */
  JsonNode facts() {
    return operator.ok("GET", path, null);
  }

  /** States of the steps by their names, in their order. */
  Map<String, String> states() {
    Map<String, String> states = new LinkedHashMap<>();
    for (JsonNode step : facts().path("steps")) {
      states.put(step.path("name").asString(), step.path("state").asString());
    }
    return states;
  }

  /** Waits for its end, which must be a good one. */
  JsonNode passed() {
    Await.until(
        "the test is over",
        Duration.ofMinutes(4),
        () -> !facts().path("state").asString().equals("running"));
    JsonNode facts = facts();
    assertThat(facts.path("state").asString()).as(facts.toPrettyString()).isEqualTo("passed");
    return facts;
  }
}
