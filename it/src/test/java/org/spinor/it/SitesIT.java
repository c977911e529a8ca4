package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.client.Configuration;
import org.spinor.client.SpinorClient;
import tools.jackson.databind.JsonNode;

/** What operators ask of sites: tests with real pilots, reasons, parameters of plug-ins. */
class SitesIT {
  private static final String CONFIGURATION = Configurations.local(2, 2, 10);
  private static final String SITE = "TEST.Local.here";
  private static final String TESTS = "/api/sites/" + SITE + "/tests";
  private static ServerProcess server;
  private static Api operator;

  @BeforeAll
  static void start() {
    server = ServerProcess.withConfiguration(CONFIGURATION);
    operator = server.as("admin", "admin", "Operator", "SiteManager");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void siteIsTestedToTheEndAlthoughTheServerIsKilled() {
    SiteTest test = SiteTest.of(operator, SITE);
    Await.until(
        "the test pilot is sent",
        Duration.ofMinutes(3),
        () -> test.states().getOrDefault("submit", "").equals("ok"));
    server.killHard();
    server.startAgain();
    JsonNode passed = test.passed();
    Map<String, String> states = test.states();
    assertThat(states).hasSize(12);
    assertThat(states.remove("edge")).as("pilots here call the server itself").isEqualTo("skipped");
    assertThat(states.values()).containsOnly("ok");
    String stamp = passed.path("stamp").asString();
    assertThat(operator.call("GET", "/api/pilots/" + stamp + "/output", null).body())
        .contains("kept by the computing element", "[bootstrap] starting the pilot");
    assertThat(operator.ok("GET", "/api/pilots/" + stamp, null).path("test").asBoolean()).isTrue();
  }

  @Test
  void whatCannotBeTestedIsRefusedWithAllReasons() {
    assertThat(operator.call("POST", "/api/sites/TEST.Local.her/tests", Map.of()).body())
        .contains("did you mean TEST.Local.here?");
    assertThat(operator.call("POST", TESTS, Map.of("queue", "long")).body())
        .contains("it has localhost/default");
    assertThat(operator.call("POST", TESTS, Map.of("vo", "other", "timeout_seconds", 1)).body())
        .contains("expected 10 to 86400", "is for spinor, not for 'other'");
    Api user = server.as("user", "alice", "NormalUser");
    assertThat(user.status("POST", TESTS, Map.of())).isEqualTo(403);
    assertThat(user.status("POST", "/api/nodes/release", Map.of("site", "a", "host", "b")))
        .isEqualTo(403);
    assertThat(operator.status("POST", "/api/nodes/release", Map.of("site", "a", "host", "b")))
        .isEqualTo(404);
    assertThat(operator.ok("GET", "/api/nodes", null)).isEmpty();
  }

  @Test
  void queuesSayWhyNoPilotIsSent() {
    JsonNode queues = operator.ok("GET", "/api/queues?ce=localhost", null);
    assertThat(queues).hasSize(1);
    JsonNode share = queues.get(0).path("shares").get(0);
    assertThat(share.path("vo").asString()).isEqualTo("spinor");
    assertThat(share.path("why").asString()).isEqualTo("no waiting job fits here now");
    assertThat(operator.ok("GET", "/api/queues?ce=other", null)).isEmpty();
  }

  @Test
  void parametersOfPluginsAreCheckedWithTheConfiguration() {
    String wrong = CONFIGURATION.replace("Overcommit: true", "Overcomit: true");
    Configuration.Check check = new SpinorClient(operator.transport()).configuration().check(wrong);
    assertThat(check.valid()).as("it would be taken").isTrue();
    assertThat(check.warnings().getFirst())
        .startsWith("Resources.Sites.TEST.Local.here.CEs.localhost.Overcomit: no such parameter")
        .contains("did you mean Overcommit?");
  }
}
