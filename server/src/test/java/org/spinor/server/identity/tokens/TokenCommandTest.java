package org.spinor.server.identity.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.spinor.server.WrongUseException;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.FixedConfigurations;

class TokenCommandTest {
  @TempDir Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void tokenIsTakenByTheServerOfTheFolder() throws Exception {
    String issuer = "https://spinor.example.org";
    OperatorFacts.of(
            issuer, data.resolve("elsewhere.json"), FixedConfigurations.earthAndMars().current())
        .write(data);
    String token =
        token("--vo", "earth", "--group=experts", "--user", "me", "--property", "Operator");
    Caller caller = reader(data.resolve("elsewhere.json"), issuer).access(token).own();
    assertThat(caller.subject()).isEqualTo("earth:me");
    assertThat(caller.username()).isEqualTo("me");
    assertThat(caller.properties())
        .containsExactlyInAnyOrder("NormalUser", "JobSharing", "Operator");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void tokenWorksBeforeTheFirstStartAndSaysWhatItDoesNotKnow() throws Exception {
    String token =
        token(
            "--vo",
            "x",
            "--group",
            "y",
            "--user",
            "z",
            "--sub",
            "123",
            "--issuer",
            "https://i.org",
            "--property",
            "NormalUser",
            "--expires",
            "1d");
    TokenReader reader = reader(data.resolve("secrets/jwks.json"), "https://i.org");
    Bearer bearer = reader.access(token);
    assertThat(bearer.own().subject()).isEqualTo("x:123");
    assertThat(bearer.own().properties()).containsExactly("NormalUser");
    long left = bearer.expires() - Clock.systemUTC().instant().getEpochSecond();
    assertThat(left).isBetween(86_000L, 86_400L);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("no server has run on this data folder yet", "only NormalUser");
  }

  @Test
  void unknownVoOrGroupIsTold() {
    OperatorFacts.of("i", data.resolve("k"), FixedConfigurations.earthAndMars().current())
        .write(data);
    token("--vo", "venus", "--group", "users", "--user", "me");
    token("--vo", "mars", "--group", "experts", "--user", "me");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("the configuration has no VO venus (it has earth, mars)")
        .contains("the VO mars has no group experts");
  }

  @Test
  void wrongUseOfTokenIsToldWithWhatIsRight() {
    wrong("--vo is missing", "--group", "g", "--user", "u");
    wrong("--user is missing", "--group", "g", "--vo", "v", "--user", " ");
    wrong(
        "unknown property NormalUsr; did you mean NormalUser?",
        "--vo",
        "v",
        "--group",
        "g",
        "--user",
        "u",
        "--property",
        "NormalUsr");
    for (String time : List.of("", "8", "h", "0h", "-1h", "8 h", "400d", "1h x")) {
      wrong(
          "--expires: expected a time up to 366d",
          "--vo",
          "v",
          "--group",
          "g",
          "--user",
          "u",
          "--expires",
          time);
    }
    wrong("unknown option --voo; did you mean --vo?", "--voo", "v");
    assertThatThrownBy(
            () ->
                new TokenCommand()
                    .run(
                        List.of(
                            "--data",
                            "/nowhere/at/all",
                            "--vo",
                            "v",
                            "--group",
                            "g",
                            "--user",
                            "u")))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("there is no data folder /nowhere/at/all");
  }

  @Test
  void timesAreSums() {
    assertThat(Lifetime.parse("--x", "1d12h30m5s"))
        .isEqualTo(Duration.ofDays(1).plusHours(12).plusMinutes(30).plusSeconds(5));
    assertThat(Lifetime.parse("--x", "90m")).isEqualTo(Duration.ofMinutes(90));
  }

  private TokenReader reader(Path keys, String issuer) {
    assertThat(Files.exists(keys)).isTrue();
    Clock clock = Clock.systemUTC();
    return new TokenReader(Keys.fixed(KeyFile.loadOrCreate(keys, clock.instant())), issuer, clock);
  }

  private String token(String... arguments) {
    out.reset();
    List<String> all = new ArrayList<>(List.of("--data", data.toString()));
    all.addAll(List.of(arguments));
    int code =
        new TokenCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of())
            .run(all);
    assertThat(code).isZero();
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  private void wrong(String why, String... arguments) {
    assertThatThrownBy(() -> token(arguments))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining(why);
  }
}
