package org.spinor.server.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.MovingClock;

class LocalLoginsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String PASSWORD = "correct horse battery";

  private final Accounts accounts = new Accounts(DATABASE.jdbc());
  private final Passwords passwords = new Passwords();
  private final LocalLogins local = new LocalLogins(accounts, passwords, new MovingClock());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void alice() {
    DATABASE.jdbc().sql("TRUNCATE identity.account").update();
    assertThat(accounts.add("earth", "alice", "s-alice", passwords.hash(PASSWORD))).isTrue();
  }

  @Test
  void wrongNameAndWrongPasswordAreOneAnswer() {
    String wrong = "Invalid username or password";
    refused(() -> login("alice", "wrong"), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("bob", PASSWORD), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("alice", ""), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("alice", PASSWORD + "x".repeat(80)), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> local.subject("mars", "alice", PASSWORD), ErrorCode.NOT_AUTHENTICATED, wrong);
    assertThat(login("alice", PASSWORD)).isEqualTo("s-alice");
  }

  @Test
  void disabledAccountIsClosedAndANewPasswordOpensIt() {
    assertThat(accounts.disable("earth", "alice")).isPresent();
    refused(
        () -> login("alice", "wrong"), ErrorCode.NOT_AUTHENTICATED, "Invalid username or password");
    refused(() -> login("alice", PASSWORD), ErrorCode.FORBIDDEN, "The account alice is disabled");
    assertThat(accounts.password("earth", "alice", passwords.hash("another password"))).isPresent();
    refused(
        () -> login("alice", PASSWORD),
        ErrorCode.NOT_AUTHENTICATED,
        "Invalid username or password");
    assertThat(login("alice", "another password")).isEqualTo("s-alice");
  }

  @Test
  void oneNameAndOneSubjectAVo() {
    String hash = passwords.hash(PASSWORD);
    assertThat(accounts.add("earth", "alice", "s-other", hash)).isFalse();
    assertThat(accounts.add("earth", "alicia", "s-alice", hash)).isFalse();
    assertThat(accounts.add("mars", "alice", "s-alice", hash)).isTrue();
    assertThat(accounts.all())
        .extracting(Accounts.Account::toString)
        .containsExactly("earth/alice", "mars/alice");
  }

  private String login(String username, String password) {
    return local.subject("earth", username, password);
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SpinorException.class, refusal -> assertThat(refusal.code()).isEqualTo(code))
        .hasMessage(why);
  }
}
