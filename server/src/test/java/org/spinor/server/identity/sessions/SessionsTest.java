package org.spinor.server.identity.sessions;

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
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.FixedConfigurations;
import org.spinor.server.identity.MovingClock;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.TestPeople;
import org.spinor.server.identity.tokens.TestTokens;
import org.spinor.server.identity.tokens.TokenReader;
import org.spinor.server.identity.tokens.Tokens;

class SessionsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String REUSED =
      "Revoked refresh token reused: potential attack detected. You must authenticate again";

  private final MovingClock clock = new MovingClock();
  private final FixedConfigurations configurations = FixedConfigurations.earthAndMars();
  private final TestTokens keys = new TestTokens(clock);
  private final Tokens tokens = keys.tokens();
  private final TokenReader reader = keys.reader();
  private final RefreshTokens refreshTokens = new RefreshTokens(DATABASE.jdbc());
  private final People people = TestPeople.of(configurations, DATABASE.jdbc(), clock);
  private final Sessions sessions =
      new Sessions(people, refreshTokens, tokens, reader, keys.properties());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @BeforeEach
  void nobodyIsLoggedIn() {
    DATABASE.jdbc().sql("TRUNCATE identity.refresh_token").update();
  }

  @Test
  void loginGivesTokensOfThePersonAskedFor() throws Exception {
    TokenResponse response = login("alice", "vo:earth group:experts");
    assertThat(response.expiresIn()).isEqualTo(1200);
    assertThat(response.tokenType()).isEqualTo("Bearer");
    Caller caller = reader.access(response.accessToken()).own();
    assertThat(caller.subject()).isEqualTo("earth:s-alice");
    assertThat(caller.group()).isEqualTo("experts");
    assertThat(caller.properties()).containsExactlyInAnyOrder("NormalUser", "JobSharing");
    TokenReader.Refresh refresh = reader.refresh(refreshOf(response));
    assertThat(refresh.expires())
        .isEqualTo(clock.instant().plus(keys.properties().refreshTokenLife()));
    assertThat(refreshTokens.find(refresh.id()))
        .contains(
            new RefreshTokens.Row(refresh.id(), 1, "vo:earth group:experts", "earth:s-alice"));
  }

  @Test
  void refreshSpendsTheTokenAndDoesNotExtendTheSession() throws Exception {
    TokenResponse first = login("alice");
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
    TokenResponse marvin = login("marvin", "vo:mars");
    TokenResponse laptop = login("alice");
    TokenResponse desktop = login("alice");
    TokenResponse next = sessions.refresh(refreshOf(laptop));
    refused(() -> sessions.refresh(refreshOf(laptop)), ErrorCode.NOT_AUTHENTICATED, REUSED);
    for (TokenResponse ended : List.of(next, desktop)) {
      refused(() -> sessions.refresh(refreshOf(ended)), ErrorCode.NOT_AUTHENTICATED, REUSED);
    }
    assertThat(sessions.refresh(refreshOf(marvin)).accessToken()).isNotEmpty();
    assertThat(login("alice").accessToken()).isNotEmpty();
  }

  @Test
  void ofManyThatUseOneTokenAtOnceAtMostOneGetsThrough() throws Exception {
    String token = refreshOf(login("alice"));
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
    TokenResponse experts = login("alice", "vo:earth group:experts");
    TokenResponse users = login("alice", "vo:earth property:JobSharing");
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
    TokenResponse response = login("alice");
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
    TokenResponse response = login("alice");
    sessions.revoke(refreshOf(response));
    sessions.revoke(refreshOf(response));
    sessions.revoke("nonsense");
    sessions.revoke(response.accessToken());
    refused(() -> sessions.refresh(refreshOf(response)), ErrorCode.NOT_AUTHENTICATED, REUSED);
  }

  @Test
  void strangeRefreshTokensAreRefused() {
    TokenResponse response = login("alice");
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

  private TokenResponse login(String username) {
    return login(username, "vo:earth");
  }

  private TokenResponse login(String username, String scope) {
    return sessions.open(people.scope(scope), "s-" + username).response();
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
