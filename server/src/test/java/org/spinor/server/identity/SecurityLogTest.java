package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.tokens.Tokens;

class SecurityLogTest {
  @TempDir static Path data;

  @Test
  void logTellsWhoAndWhyAndNeverASecret() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger("security");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    String form = "grant_type=password&client_id=myDIRACClientID&scope=vo:earth&username=";
    try (Slice server = new Slice(data)) {
      String password = Files.readString(data.resolve("secrets/admin-password")).strip();
      log.addAppender(lines);
      Answer login = server.form("/api/auth/token", form + "root&password=" + password);
      assertThat(login.status()).isEqualTo(200);
      String access = login.json().path("access_token").asString();
      String refresh = login.json().path("refresh_token").asString();
      server.form("/api/auth/token", form + "root%0D%0AFAKE+line&password=hunter2-hunter2");
      server.form(
          "/api/auth/token",
          "grant_type=refresh_token&client_id=myDIRACClientID&refresh_token=" + refresh);
      server.form(
          "/api/auth/token",
          "grant_type=refresh_token&client_id=myDIRACClientID&refresh_token=" + refresh);
      server.get("/api/probe/x", access + "x");
      server.get(
          "/api/auth/refresh-tokens",
          server.bean(Tokens.class).forPilot("earth", "s", Duration.ofHours(1), false));
      server.json(
          "/api/auth/secret-exchange", "{\"pilot_stamp\":\"stamp-1\",\"pilot_secret\":\"s3cret\"}");
      server.json(
          "/api/auth/secret-exchange", "{\"pilot_stamp\":\"stamp-1\",\"pilot_secret\":\"gu3ss\"}");
      List<String> told = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
      assertThat(told)
          .containsExactly(
              "login: root for vo:earth from 127.0.0.1",
              "refused login: root??FAKE line for vo:earth from 127.0.0.1: Invalid username or password",
              "refresh: somebody from 127.0.0.1",
              "earth:s-root: a spent refresh token came again; sessions ended: 1",
              "refused refresh: somebody from 127.0.0.1: Revoked refresh token reused: potential"
                  + " attack detected. You must authenticate again",
              "refused GET /api/probe/{thing}: bad token from 127.0.0.1: wrong signature",
              "refused GET /api/auth/refresh-tokens: earth:pilot:s from 127.0.0.1: needs one of"
                  + " ProxyManagement, member",
              "secret exchanged: pilot stamp-1 from 127.0.0.1",
              "refused secret exchange: pilot stamp-1 from 127.0.0.1: wrong secret");
      assertThat(String.join("\n", told))
          .doesNotContain(password, access, refresh, "hunter2", "s3cret", "gu3ss", "eyJ");
    } finally {
      log.detachAppender(lines);
    }
  }
}
