package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.Tokens;

class AuditTest {
  private static final Duration LIFE = Duration.ofMinutes(10);
  @TempDir private Path data;

  @Test
  void changesOfPeopleAreToldAndNothingElse() throws Exception {
    assertThat(told("changes"))
        .containsExactly(
            "allowed POST /api/probe (reach OWN): earth:s-alice as users, /api/probe from 127.0.0.1");
  }

  @Test
  void whoWantsAllGetsAll() throws Exception {
    assertThat(told("all"))
        .hasSize(3)
        .contains(
            "allowed GET /api/probe/{thing} (reach OWN): earth:s-alice as users, /api/probe/x from"
                + " 127.0.0.1")
        .anyMatch(line -> line.contains("earth:pilot:stamp-1"));
  }

  private List<String> told(String extent) throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger("audit");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    try (Slice server = new Slice(data, Map.of("spinor.audit", extent))) {
      log.addAppender(lines);
      Tokens tokens = server.bean(Tokens.class);
      String alice =
          tokens.forPerson(
              new Person("earth:s-alice", "alice", "earth", "users", Set.of("NormalUser")), LIFE);
      assertThat(server.get("/api/probe/x", alice).status()).isEqualTo(200);
      assertThat(post(server, alice)).isLessThan(300);
      assertThat(post(server, tokens.forPilot("earth", "stamp-1", LIFE, false))).isLessThan(300);
      assertThat(server.send(server.request("/api/open")).status()).isEqualTo(200);
      return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    } finally {
      log.detachAppender(lines);
    }
  }

  private static int post(Slice server, String token) throws Exception {
    return server
        .send(
            server
                .request("/api/probe")
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"x\"}")))
        .status();
  }

  @Test
  void tokenRoutesAnswerAnAddressSoOftenInFiveMinutes() throws Exception {
    try (Slice server = new Slice(data, Map.of("spinor.token-requests", "10"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(refresh(server).status()).isEqualTo(401);
        assertThat(server.form("/api/auth/revoke", "token=x").status()).isEqualTo(200);
      }
      assertThat(refresh(server).status()).isEqualTo(429);
      Answer refused = server.form("/api/auth/revoke", "token=x");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isPresent();
      server.clock.move(Duration.ofMinutes(5));
      assertThat(refresh(server).status()).isEqualTo(401);
    }
  }

  private static Answer refresh(Slice server) throws Exception {
    return server.form(
        "/api/auth/token", "grant_type=refresh_token&client_id=myDIRACClientID&refresh_token=x");
  }

  @Test
  void limitThatWouldLockEverybodyOutIsRefused() {
    assertThatThrownBy(() -> new LimitProperties(Audit.Extent.ALL, 9))
        .hasMessageContaining("at least 10");
  }
}
