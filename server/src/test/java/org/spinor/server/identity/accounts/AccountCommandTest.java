package org.spinor.server.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.WrongUseException;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.sessions.TestSessions;

class AccountCommandTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @TempDir Path data;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void accountsAreMadeChangedAndClosed() {
    Passwords passwords = new Passwords();
    Accounts accounts = new Accounts(DATABASE.jdbc());
    String first = account("", "add", "--vo", "earth", "--user", "bob", "--sub", "s-bob").strip();
    assertThat(first).hasSize(20);
    Accounts.Account bob = accounts.find("earth", "bob").orElseThrow();
    assertThat(bob.subject()).isEqualTo("s-bob");
    assertThat(passwords.matches(first, Optional.of(bob.passwordHash()))).isTrue();
    assertThatThrownBy(() -> account("", "add", "--vo", "earth", "--user", "bob"))
        .isInstanceOfSatisfying(
            SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));

    TestSessions.add(
        DATABASE.jdbc(),
        UUID.randomUUID(),
        "earth:s-bob",
        "vo:earth",
        bob.created().plusSeconds(99));
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
    assertThat(TestSessions.ofSubject(DATABASE.jdbc(), "earth:s-bob")).isEmpty();
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
