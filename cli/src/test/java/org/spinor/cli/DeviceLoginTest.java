package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;

class DeviceLoginTest {
  private static final String PENDING = "{\"error\":\"authorization_pending\"}";
  private static final String TOKENS =
      "{\"access_token\":\"fresh\",\"expires_in\":1200,\"token_type\":\"Bearer\",\"refresh_token\":\"r\"}";
  private final FakeServer server = new FakeServer();
  private final AtomicInteger polls = new AtomicInteger();
  @TempDir Path folder;

  @BeforeEach
  void routes() {
    server
        .on(
            "GET /.well-known/dirac-metadata",
            200,
            "{\"virtual_organizations\":{\"spinor\":{\"groups\":{\"user\":{},\"admin\":{}}}}}")
        .on("POST /api/auth/device", 200, device("http://idp.example.org/device", 600))
        .on(
            "GET /api/auth/userinfo",
            200,
            "{\"sub\":\"spinor:1\",\"vo\":\"spinor\",\"dirac_group\":\"admin\",\"properties\":[],\"preferred_username\":\"anna\"}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String device(String address, int seconds) {
    return """
        {"user_code":"BCDFGHJK","device_code":"sec/ret","verification_uri":"%s",
         "verification_uri_complete":"%s?user_code=BCDFGHJK","expires_in":%d}
        """
        .formatted(address, address, seconds);
  }

  private void answers(FakeServer.Answer last) {
    server.on(
        "POST /api/auth/token",
        request ->
            polls.incrementAndGet() < 3 ? new FakeServer.Answer(400, PENDING, Map.of()) : last);
  }

  @Test
  void addressIsShownAndTheLoginKeptOnceTheUserHasBeenThere() {
    answers(new FakeServer.Answer(200, TOKENS, Map.of()));
    Shell.Result login = shell().run("login", "--group", "admin");
    assertThat(login.exitCode()).as(login.err()).isEqualTo(ExitCode.DONE);
    assertThat(login.err())
        .contains("http://idp.example.org/device?user_code=BCDFGHJK", "BCDF-GHJK", "10 minutes")
        .contains("logged in at", "as anna, VO spinor, group admin")
        .doesNotContain("sec/ret", "A browser opens");
    assertThat(server.requests().get(1).query())
        .isEqualTo("client_id=myDIRACClientID&scope=vo%3Aspinor+group%3Aadmin");
    assertThat(server.requests().get(2).text())
        .contains(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code",
            "device_code=sec%2Fret", "client_id=myDIRACClientID");
    assertThat(polls).hasValue(3);
    assertThat(folder.resolve("login/credentials.json")).exists();
  }

  @Test
  void refusalIsSaid() {
    answers(
        new FakeServer.Answer(400, "{\"error\":\"access_denied\",\"detail\":\"no\"}", Map.of()));
    Shell.Result refused = shell().run("login");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.NOT_LOGGED_IN);
    assertThat(refused.err()).contains("the login was refused in the browser");
    assertThat(folder.resolve("login/credentials.json")).doesNotExist();
  }

  @Test
  void whoMayNotIsToldWhy() {
    answers(new FakeServer.Answer(403, "{\"detail\":\"User is not a member\"}", Map.of()));
    Shell.Result refused = shell().run("login");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.NOT_LOGGED_IN);
    assertThat(refused.err()).contains("did not let you in: User is not a member");
  }

  @Test
  void serverThatIsAwayForAMomentIsWaitedFor() {
    server.on(
        "POST /api/auth/token",
        request ->
            polls.incrementAndGet() < 2
                ? new FakeServer.Answer(503, "{\"detail\":\"later\"}", Map.of())
                : new FakeServer.Answer(200, TOKENS, Map.of()));
    assertThat(shell().run("login").exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void waitingEnds() {
    server.on("POST /api/auth/device", 200, device("http://idp.example.org/device", 1));
    server.on("POST /api/auth/token", 400, PENDING);
    Shell.Result late = shell().run("login");
    assertThat(late.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(late.err()).contains("nobody has logged in in time");
  }

  @Test
  void browserIsOpenedWherePeopleSitAndOnlyForTheWeb() throws Exception {
    Path seen = folder.resolve("seen");
    Path browser = folder.resolve("browser");
    Files.writeString(browser, "#!/bin/sh\nprintf %s \"$1\" > '" + seen + "'\n");
    Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
    answers(new FakeServer.Answer(200, TOKENS, Map.of()));
    Shell sitting =
        shell().with("SPINOR_TERMINALS", "in,out,err").with("BROWSER", browser.toString());
    assertThat(sitting.run("login").err()).contains("A browser opens");
    for (int i = 0; i < 1200 && !Files.exists(seen); i++) {
      Thread.sleep(Duration.ofMillis(50));
    }
    assertThat(seen).exists();

    assertThat(sitting.run("login", "--no-browser").err()).doesNotContain("A browser opens");
    server.on("POST /api/auth/device", 200, device("file:///etc/passwd", 600));
    assertThat(sitting.run("login").err()).doesNotContain("A browser opens");
  }

  private Shell shell() {
    return new Shell(folder, server).without("SPINOR_TOKEN");
  }
}
