package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.database.TestDatabase;

class SessionsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String PASSWORD = "correct horse battery";
  private static final String REUSED =
      "Revoked refresh token reused: potential attack detected. You must authenticate again";
  private static final IdentityProperties PROPERTIES =
      new IdentityProperties(
          "http://localhost:8000",
          "",
          Duration.ofMinutes(20),
          Duration.ofHours(8),
          Duration.ofHours(1),
          Set.of("myDIRACClientID"));

  private final MovingClock clock = new MovingClock();
  private final FixedConfigurations configurations = FixedConfigurations.earthAndMars();
  private final SigningKeys keys = SigningKeys.of(KeyFile.fresh(clock.instant()));
  private final Tokens tokens = new Tokens(Keys.fixed(keys), PROPERTIES.issuer(), clock);
  private final TokenReader reader = new TokenReader(Keys.fixed(keys), PROPERTIES.issuer(), clock);
  private final Accounts accounts = new Accounts(DATABASE.jdbc());
  private final RefreshTokens refreshTokens = new RefreshTokens(DATABASE.jdbc());
  private final Passwords passwords = new Passwords();
  private final People people =
      new People(configurations, new ProvidedUsers(DATABASE.jdbc()), clock);
  private final LocalLogins local = new LocalLogins(accounts, passwords, clock);
  private final Sessions sessions = new Sessions(people, refreshTokens, tokens, reader, PROPERTIES);

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void alice() {
    DATABASE.jdbc().sql("TRUNCATE identity.account, identity.refresh_token").update();
    assertThat(accounts.add("earth", "alice", "s-alice", passwords.hash(PASSWORD))).isTrue();
  }

  @Test
  void loginGivesTokensOfThePersonAskedFor() throws Exception {
    TokenResponse response = login("alice", PASSWORD, "vo:earth group:experts");
    assertThat(response.expiresIn()).isEqualTo(1200);
    assertThat(response.tokenType()).isEqualTo("Bearer");
    Caller caller = reader.access(response.accessToken()).own();
    assertThat(caller.subject()).isEqualTo("earth:s-alice");
    assertThat(caller.group()).isEqualTo("experts");
    assertThat(caller.properties()).containsExactlyInAnyOrder("NormalUser", "JobSharing");
    TokenReader.Refresh refresh = reader.refresh(refreshOf(response));
    assertThat(refresh.expires()).isEqualTo(clock.instant().plus(PROPERTIES.refreshTokenLife()));
    assertThat(refreshTokens.find(refresh.id()))
        .contains(
            new RefreshTokens.Row(refresh.id(), 1, "vo:earth group:experts", "earth:s-alice"));
  }

  @Test
  void wrongNameAndWrongPasswordAreOneAnswer() {
    String wrong = "Invalid username or password";
    refused(() -> login("alice", "wrong"), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("bob", PASSWORD), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("alice", ""), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("alice", PASSWORD + "x".repeat(80)), ErrorCode.NOT_AUTHENTICATED, wrong);
    refused(() -> login("alice", PASSWORD, "vo:mars"), ErrorCode.NOT_AUTHENTICATED, wrong);
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
    assertThat(login("alice", "another password").accessToken()).isNotEmpty();
  }

  @Test
  void refreshSpendsTheTokenAndDoesNotExtendTheSession() throws Exception {
    TokenResponse first = login("alice", PASSWORD);
    Instant end = reader.refresh(refreshOf(first)).expires();
    clock.move(Duration.ofHours(1));
    TokenResponse second = sessions.refresh(refreshOf(first));
    TokenReader.Refresh successor = reader.refresh(refreshOf(second));
    assertThat(successor.expires()).isEqualTo(end);
    assertThat(successor.id()).isNotEqualTo(reader.refresh(refreshOf(first)).id());
    assertThat(reader.access(second.accessToken()).own().username()).isEqualTo("alice");
    assertThat(refreshTokens.ofSubject("earth:s-alice"))
        .extracting(RefreshTokens.Row::jti)
        .containsExactly(successor.id());
    clock.move(Duration.ofHours(7));
    refused(
        () -> sessions.refresh(refreshOf(second)),
        ErrorCode.NOT_AUTHENTICATED,
        "The refresh token has expired. You must log in again");
  }

  @Test
  void spentTokenThatComesAgainEndsEverySessionOfTheUser() {
    accounts.add("mars", "marvin", "s-marvin", passwords.hash(PASSWORD));
    TokenResponse marvin = login("marvin", PASSWORD, "vo:mars");
    TokenResponse laptop = login("alice", PASSWORD);
    TokenResponse desktop = login("alice", PASSWORD);
    TokenResponse next = sessions.refresh(refreshOf(laptop));
    refused(() -> sessions.refresh(refreshOf(laptop)), ErrorCode.NOT_AUTHENTICATED, REUSED);
    for (TokenResponse ended : List.of(next, desktop)) {
      refused(() -> sessions.refresh(refreshOf(ended)), ErrorCode.NOT_AUTHENTICATED, REUSED);
    }
    assertThat(sessions.refresh(refreshOf(marvin)).accessToken()).isNotEmpty();
    assertThat(login("alice", PASSWORD).accessToken()).isNotEmpty();
  }

  @Test
  void ofManyThatUseOneTokenAtOnceAtMostOneGetsThrough() throws Exception {
    String token = refreshOf(login("alice", PASSWORD));
    List<Future<TokenResponse>> answers = new ArrayList<>();
    try (ExecutorService thieves = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 16; i++) {
        answers.add(thieves.submit(() -> sessions.refresh(token)));
      }
    }
    assertThat(answers.stream().filter(answer -> answer.state() == Future.State.SUCCESS))
        .hasSize(1);
    assertThat(refreshTokens.ofSubject("earth:s-alice"))
        .as("the others' reuse ended the winner's session too")
        .isEmpty();
  }

  @Test
  void theConfigurationIsAskedAtEachRefresh() {
    TokenResponse experts = login("alice", PASSWORD, "vo:earth group:experts");
    TokenResponse users = login("alice", PASSWORD, "vo:earth property:JobSharing");
    configurations.vo(
        "earth",
        Map.of("s-alice", "alice", "s-root", "root"),
        FixedConfigurations.group("users", Set.of("NormalUser", "StageAllowed"), "s-alice"),
        FixedConfigurations.group("experts", Set.of("JobSharing"), "s-root"));
    refused(
        () -> sessions.refresh(refreshOf(experts)),
        ErrorCode.FORBIDDEN,
        "User is not a member of the requested group (alice, experts)");
    refused(
        () -> sessions.refresh(refreshOf(users)),
        ErrorCode.FORBIDDEN,
        "JobSharing are not valid properties for user alice,"
            + " available values: NormalUser StageAllowed");
    configurations.remove("earth");
    refused(
        () -> sessions.refresh(refreshOf(users)),
        ErrorCode.FORBIDDEN,
        "VO earth is not known to this installation");
  }

  @Test
  void refusedRefreshDoesNotSpendTheToken() {
    TokenResponse response = login("alice", PASSWORD);
    configurations.suspend("earth", "s-alice");
    refused(
        () -> sessions.refresh(refreshOf(response)),
        ErrorCode.FORBIDDEN,
        "User alice is suspended in the VO earth");
    configurations.vo(
        "earth",
        Map.of("s-alice", "alice"),
        FixedConfigurations.group("users", Set.of("NormalUser", "StageAllowed"), "s-alice"));
    assertThat(sessions.refresh(refreshOf(response)).accessToken()).isNotEmpty();
  }

  @Test
  void revokedTokenIsSpentAndRevokingNonsenseIsFine() {
    TokenResponse response = login("alice", PASSWORD);
    sessions.revoke(refreshOf(response));
    sessions.revoke(refreshOf(response));
    sessions.revoke("nonsense");
    sessions.revoke(response.accessToken());
    refused(() -> sessions.refresh(refreshOf(response)), ErrorCode.NOT_AUTHENTICATED, REUSED);
  }

  @Test
  void strangeRefreshTokensAreRefused() {
    TokenResponse response = login("alice", PASSWORD);
    refused(
        () -> sessions.refresh(response.accessToken()),
        ErrorCode.NOT_AUTHENTICATED,
        "Invalid refresh token");
    refused(
        () -> sessions.refresh("nonsense"), ErrorCode.NOT_AUTHENTICATED, "Invalid refresh token");
    String forgotten = tokens.refresh(tokens.newId(), tokens.end(Duration.ofHours(1)), false);
    refused(
        () -> sessions.refresh(forgotten),
        ErrorCode.NOT_AUTHENTICATED,
        "Unknown refresh token. You must log in again");
  }

  @Test
  void oldRowsAreForgotten() {
    TokenResponse old = login("alice", PASSWORD);
    clock.move(Duration.ofDays(7));
    TokenResponse recent = login("alice", PASSWORD);
    clock.move(Duration.ofHours(9));
    new ForgetOldSessions(refreshTokens, new LoginFlows(DATABASE.jdbc()), clock).run("");
    assertThat(
            DATABASE
                .jdbc()
                .sql("SELECT count(*) FROM identity.refresh_token")
                .query(Long.class)
                .single())
        .isEqualTo(1);
    assertThat(refreshOf(recent)).isNotEqualTo(refreshOf(old));
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

  private TokenResponse login(String username, String password) {
    return login(username, password, "vo:earth");
  }

  private TokenResponse login(String username, String password, String scopeText) {
    Scope scope = people.scope(scopeText);
    return sessions.open(scope, local.subject(scope.vo(), username, password)).response();
  }

  private static String refreshOf(TokenResponse response) {
    String token = response.refreshToken();
    assertThat(token).isNotNull();
    return String.valueOf(token);
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SpinorException.class, refusal -> assertThat(refusal.code()).isEqualTo(code))
        .hasMessage(why);
  }
}
