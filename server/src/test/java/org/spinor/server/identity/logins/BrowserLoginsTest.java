package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.FixedConfigurations;
import org.spinor.server.identity.MovingClock;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.logins.LoginFlow.State;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.TestPeople;
import org.spinor.server.identity.sessions.TestSessions;
import org.spinor.server.identity.tokens.TestTokens;

/** Logins on several servers, and many steps at once. */
class BrowserLoginsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String CLIENT = "myDIRACClientID";

  private final MovingClock clock = new MovingClock();
  private final FixedConfigurations configurations = FixedConfigurations.earthAndMars();
  private final TestTokens tokens = new TestTokens(clock);

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  /** A server that has just been started: it remembers nothing. */
  private BrowserLogins server() {
    People people = TestPeople.of(configurations, DATABASE.jdbc(), clock);
    return new BrowserLogins(
        new LoginFlows(DATABASE.jdbc()),
        people,
        TestSessions.of(people, DATABASE.jdbc(), tokens),
        DATABASE.transactions(),
        clock);
  }

  private BrowserLogins.Device allowed() {
    BrowserLogins.Device device = server().startDevice(CLIENT, "vo:earth");
    String cookie = Secrets.random();
    LoginFlow flow = server().open(device.userCode(), cookie).orElseThrow();
    assertThat(server().name(flow, "s-alice")).isEmpty();
    server().allow(server().ofBrowser(flow.id().toString(), Optional.of(cookie), State.NAMED));
    return device;
  }

  @Test
  void eachStepMayBeTakenByAnotherServer() {
    BrowserLogins.Device device = allowed();
    assertThat(server().redeemDevice(CLIENT, device.deviceCode()).accessToken()).isNotEmpty();
  }

  @Test
  void ofManyThatFetchAtOnceExactlyOneGetsTokens() throws Exception {
    for (int round = 0; round < 5; round++) {
      BrowserLogins.Device device = allowed();
      List<Future<TokenResponse>> answers = new ArrayList<>();
      try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 16; i++) {
          answers.add(clients.submit(() -> server().redeemDevice(CLIENT, device.deviceCode())));
        }
      }
      int got = 0;
      for (Future<TokenResponse> answer : answers) {
        try {
          assertThat(answer.get().accessToken()).isNotEmpty();
          got++;
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .isInstanceOf(SpinorException.class)
              .hasMessage("Code was already used");
        }
      }
      assertThat(got).isEqualTo(1);
    }
  }

  @Test
  void refusedFetchSpendsNothing() {
    BrowserLogins.Device device = allowed();
    configurations.suspend("earth", "s-alice");
    assertThatThrownBy(() -> server().redeemDevice(CLIENT, device.deviceCode()))
        .hasMessage("User alice is suspended in the VO earth");
    assertThatThrownBy(() -> server().redeemDevice("other", device.deviceCode()))
        .hasMessage("Bad client_id");
    configurations.vo(
        "earth",
        java.util.Map.of("s-alice", "alice"),
        FixedConfigurations.group("users", Set.of("NormalUser"), "s-alice"));
    assertThat(server().redeemDevice(CLIENT, device.deviceCode()).refreshToken()).isNotNull();
  }

  @Test
  void whoOpensTheAddressLastGoesOn() {
    BrowserLogins.Device device = server().startDevice(CLIENT, "vo:earth");
    String first = Secrets.random();
    String second = Secrets.random();
    LoginFlow flow = server().open(device.userCode(), first).orElseThrow();
    assertThat(server().open(device.userCode(), second)).isPresent();
    String id = flow.id().toString();
    assertThatThrownBy(() -> server().ofBrowser(id, Optional.of(first), State.STARTED))
        .hasMessageContaining("belongs to another browser");
    assertThat(server().ofBrowser(id, Optional.of(second), State.STARTED)).isNotNull();
    assertThatThrownBy(() -> server().ofBrowser("nonsense", Optional.of(second), State.STARTED))
        .hasMessageContaining("This login is over");
  }
}
