package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
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
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.WrongUseException;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.web.WireJson;
import tools.jackson.databind.JsonNode;

class AdminCommandsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @TempDir Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterAll
  static void close() {
    DATABASE.close();
  }

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

  @Test
  void accountsAreMadeChangedAndClosed() {
    Passwords passwords = new Passwords();
    Accounts accounts = new Accounts(DATABASE.jdbc());
    RefreshTokens sessions = new RefreshTokens(DATABASE.jdbc());
    String first = account("", "add", "--vo", "earth", "--user", "bob", "--sub", "s-bob").strip();
    assertThat(first).hasSize(20);
    Accounts.Account bob = accounts.find("earth", "bob").orElseThrow();
    assertThat(bob.subject()).isEqualTo("s-bob");
    assertThat(passwords.matches(first, Optional.of(bob.passwordHash()))).isTrue();
    assertThatThrownBy(() -> account("", "add", "--vo", "earth", "--user", "bob"))
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));

    sessions.add(Uuid7.at(bob.created()), "earth:s-bob", "vo:earth", bob.created().plusSeconds(99));
    assertThat(
            account(
                "my own password\n",
                "password",
                "--vo",
                "earth",
                "--user",
                "bob",
                "--password-stdin"))
        .isEmpty();
    bob = accounts.find("earth", "bob").orElseThrow();
    assertThat(passwords.matches("my own password", Optional.of(bob.passwordHash()))).isTrue();
    assertThat(sessions.ofSubject("earth:s-bob")).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("sessions ended: 1");

    assertThat(account("", "disable", "--vo", "earth", "--user", "bob")).isEmpty();
    assertThat(accounts.find("earth", "bob").orElseThrow().disabled()).isTrue();
    account("", "add", "--vo", "mars", "--user", "carl");
    assertThat(account("", "list").lines().toList())
        .hasSize(3)
        .anyMatch(
            line -> line.startsWith("earth") && line.contains("bob") && line.endsWith("disabled"))
        .anyMatch(
            line -> line.startsWith("mars") && line.contains("carl") && line.endsWith("open"));
    assertThat(account("", "list", "--vo", "mars")).doesNotContain("bob");
  }

  @Test
  void wrongUseOfAccountIsTold() {
    assertThatThrownBy(() -> account("", "lst"))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining("did you mean list?");
    assertThatThrownBy(() -> account("", "add", "--vo", "earth"))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining("--user is missing");
    assertThatThrownBy(() -> account("", "disable", "--vo", "earth", "--user", "nobody"))
        .isInstanceOf(SpinorException.class)
        .hasMessage("the VO earth has no account nobody (spinor admin account list)");
    assertThatThrownBy(
            () -> account("short\n", "add", "--vo", "earth", "--user", "dora", "--password-stdin"))
        .isInstanceOf(SpinorException.class)
        .hasMessage("a password has at least 10 characters");
    assertThatThrownBy(() -> accountCommand("").run(List.of("list", "--data", data.toString())))
        .isInstanceOf(SpinorException.class)
        .hasMessageContaining("no database in " + data);
  }

  @Test
  void accessIsPrintedForPeopleAndPrograms() {
    new AccessCommand(new PrintStream(out, true, StandardCharsets.UTF_8)).run(List.of());
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .anyMatch(
            line -> line.matches("GET /api/auth/userinfo +member:own  pilot:own  payload:own"));
    out.reset();
    new AccessCommand(new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(List.of("--output", "json", "--role", "payload"));
    JsonNode rows = WireJson.mapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(rows).isNotEmpty();
    assertThat(rows.valueStream()).allMatch(row -> row.path("allowed").has("payload"));
    assertThatThrownBy(() -> new AccessCommand().run(List.of("--role", "king")))
        .isInstanceOf(WrongUseException.class)
        .hasMessageContaining("known are anonymous, member");
  }

  @Test
  void commandsAreFoundByTheServer() {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(AdminCommand.class).forEach(command -> names.add(command.name()));
    assertThat(names).contains("token", "account", "access", "keys");
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

  private AccountCommand accountCommand(String input) {
    return new AccountCommand(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of());
  }

  private String account(String input, String... arguments) {
    out.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString(), "--db-url", DATABASE.url()));
    assertThat(accountCommand(input).run(all)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
