package org.spinor.server.identity.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.spinor.server.WrongUseException;
import org.spinor.server.identity.MovingClock;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import tools.jackson.databind.JsonNode;

class KeyRotationTest {
  private final MovingClock clock = new MovingClock();
  @TempDir Path data;

  @Test
  void rotationLogsNobodyOutAndRemovalDoes() throws Exception {
    try (Slice server = new Slice(data)) {
      String password = Files.readString(data.resolve("secrets/admin-password")).strip();
      Answer login =
          server.form(
              "/api/auth/token",
              "grant_type=password&client_id=myDIRACClientID&scope=vo:earth&username=root&password="
                  + password);
      String access = login.json().path("access_token").asString();
      String pilot =
          server.bean(Tokens.class).forPilot("earth", "stamp", Duration.ofHours(1), false);
      assertThat(server.get("/api/auth/userinfo", access).status()).isEqualTo(200);
      String old = SignedJWT.parse(access).getHeader().getKeyID();

      run("rotate");
      server.bean(Keys.class).newest();
      assertThat(server.get("/api/auth/userinfo", access).status()).isEqualTo(200);
      assertThat(server.get("/api/auth/userinfo", pilot).status()).isEqualTo(200);
      Answer refreshed =
          server.form(
              "/api/auth/token",
              "client_id=myDIRACClientID&grant_type=refresh_token&refresh_token="
                  + login.json().path("refresh_token").asString());
      assertThat(refreshed.status()).isEqualTo(200);
      String fresh = refreshed.json().path("access_token").asString();
      assertThat(SignedJWT.parse(fresh).getHeader().getKeyID()).isNotEqualTo(old);
      assertThat(server.get("/api/auth/userinfo", fresh).status()).isEqualTo(200);
      JsonNode keys = server.send(server.request("/.well-known/jwks.json")).json().path("keys");
      assertThat(keys).hasSize(2);
      assertThat(keys.valueStream().map(JsonNode::propertyNames))
          .noneMatch(names -> names.contains("d") || names.contains("k"));

      run("remove", "--key", old);
      server.bean(Keys.class).newest();
      assertThat(server.get("/api/auth/userinfo", access).status())
          .as("though it was remembered as good")
          .isEqualTo(401);
      assertThat(server.get("/api/auth/userinfo", fresh).status()).isEqualTo(200);
    }
  }

  @Test
  void serverTakesAKeyThatItSeesFirstInAToken() throws Exception {
    Path file = KeyFile.of(data, "");
    KeyRing ring = KeyRing.loadOrCreate(file, clock.instant());
    TokenReader reader = new TokenReader(ring, Slice.ISSUER, clock);
    run("rotate");
    Tokens elsewhere = new Tokens(Keys.fixed(KeyFile.read(file)), Slice.ISSUER, clock);
    String token = elsewhere.forPilot("earth", "stamp", Duration.ofHours(1), false);
    assertThat(reader.access(token).own().pilotStamp()).contains("stamp");
  }

  @Test
  void fileThatCannotBeUsedChangesNothing() throws Exception {
    Path file = KeyFile.of(data, "");
    KeyRing ring = KeyRing.loadOrCreate(file, clock.instant());
    SigningKeys before = ring.now();
    for (String text : List.of("", "{}", "nonsense", "{\"keys\":[]}")) {
      Files.writeString(file, text);
      assertThat(ring.newest()).isSameAs(before);
    }
    Files.delete(file);
    assertThat(ring.newest()).isSameAs(before);
  }

  @Test
  void oldKeysKeepNoMoreThanTheyNeed() throws Exception {
    Path file = KeyFile.of(data, "");
    KeyFile.loadOrCreate(file, clock.instant());
    run("rotate");
    run("rotate");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    String list = run("list");
    assertThat(list.lines()).hasSize(7);
    assertThat(list.lines().filter(line -> line.contains("yes"))).hasSize(2);
    assertThat(list).contains("people", "machines", "2050-01-01T12:00:00Z");
    assertThat(Files.readString(file).split("\"d\":", -1)).as("private halves").hasSize(2);
    assertThat(list).doesNotContain("\"k\"");
  }

  @Test
  void wrongUseIsExplained() {
    assertThatThrownBy(() -> run("rotated"))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining("did you mean rotate");
    assertThatThrownBy(() -> run("list")).hasMessageContaining("there is no key file");
    Path file = KeyFile.of(data, "");
    SigningKeys keys = KeyFile.loadOrCreate(file, Instant.now());
    assertThatThrownBy(() -> run("remove")).hasMessageContaining("--key is missing");
    assertThatThrownBy(() -> run("remove", "--key", "x")).hasMessageContaining("no key x");
    String signing = keys.signing(SigningKeys.Purpose.PEOPLE).header().getKeyID();
    assertThatThrownBy(() -> run("remove", "--key", signing))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("this key signs");
  }

  private String run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    assertThat(new KeysCommand(stream, stream, Map.of(), clock).run(all)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
