package org.spinor.server.identity.logins;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Secrets;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.logins.LoginFlow.Browser;
import org.spinor.server.identity.logins.LoginFlow.Kind;
import org.spinor.server.identity.logins.LoginFlow.Page;
import org.spinor.server.identity.logins.LoginFlow.State;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.people.Scope;
import org.spinor.server.identity.sessions.Sessions;
import org.spinor.server.identity.tokens.Uuid7;
import org.springframework.stereotype.Component;

/**
 * Logins in a browser, step by step. Everything that lasts is in the table, so each step may be
 * taken by another server; what a step needs to be allowed is asked in the statement that takes it.
 */
@Component
final class BrowserLogins {
  /** From the first request to the user's answer. */
  static final Duration LIFE = Duration.ofMinutes(10);

  private static final Duration CODE_LIFE = Duration.ofMinutes(5);
  private static final int TRIES_FOR_A_USER_CODE = 20;

  private final LoginFlows flows;
  private final People people;
  private final Sessions sessions;
  private final Transactions transactions;
  private final Clock clock;

  /**
   * @param deviceCode the secret of the device
   */
  record Device(String userCode, String deviceCode) {}

  BrowserLogins(
      LoginFlows flows, People people, Sessions sessions, Transactions transactions, Clock clock) {
    this.flows = flows;
    this.people = people;
    this.sessions = sessions;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A device wants a login.
   *
   * @throws SpinorException 400 the scope is wrong
   */
  Device startDevice(String client, String scopeText) {
    Scope scope = people.scope(scopeText);
    String secret = Secrets.random();
    for (int i = 0; i < TRIES_FOR_A_USER_CODE; i++) {
      String userCode = Secrets.userCode();
      if (flows.addDevice(
          flow(Kind.DEVICE, client, scope, userCode, null, null), Secrets.hash(secret))) {
        return new Device(userCode, secret);
      }
    }
    throw new SpinorException(ErrorCode.UNAVAILABLE, "Too many logins at once");
  }

  /**
   * A web page wants a login; client and address have been found good.
   *
   * @param cookie what the browser's cookie says
   */
  LoginFlow startPage(String client, String scopeText, Page page, String cookie) {
    LoginFlow flow = flow(Kind.CODE, client, people.scope(scopeText), null, page, browser(cookie));
    flows.addPage(flow);
    return flow;
  }

  private LoginFlow flow(
      Kind kind,
      String client,
      Scope scope,
      @Nullable String userCode,
      @Nullable Page page,
      @Nullable Browser browser) {
    return new LoginFlow(
        Uuid7.at(clock.instant()),
        kind,
        State.STARTED,
        client,
        scope.text(),
        userCode,
        page,
        browser,
        null,
        null,
        null,
        clock.instant().plus(LIFE));
  }

  private static Browser browser(String cookie) {
    return new Browser(Secrets.hash(cookie), Secrets.random());
  }

  /**
   * The user of a device has opened its address, or typed its code.
   *
   * @return empty: no device waits with this code
   */
  Optional<LoginFlow> open(String userCode, String cookie) {
    String plain = userCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    return flows
        .ofUserCode(plain)
        .filter(flow -> flow.state() == State.STARTED && !flow.hasEnded(clock.instant()))
        .filter(flow -> flows.bind(flow.id(), browser(cookie)))
        .flatMap(flow -> flows.find(flow.id()));
  }

  /**
   * The login with this number, for the browser that it belongs to.
   *
   * @throws SpinorException 400 another browser, or it has ended
   */
  LoginFlow ofBrowser(String id, Optional<String> cookie, State state) {
    return find(id)
        .filter(flow -> belongs(flow, cookie))
        .filter(flow -> flow.state() == state && !flow.hasEnded(clock.instant()))
        .orElseThrow(BrowserLogins::ended);
  }

  private Optional<LoginFlow> find(String id) {
    try {
      return flows.find(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean belongs(LoginFlow flow, Optional<String> cookie) {
    Browser browser = flow.browser();
    return browser != null
        && cookie.isPresent()
        && Secrets.same(Secrets.hash(cookie.get()), browser.cookieHash());
  }

  static SpinorException ended() {
    return new SpinorException(
        ErrorCode.INVALID_REQUEST,
        "This login is over, or belongs to another browser. Please begin again");
  }

  /**
   * The user of a login is known.
   *
   * @return where to send the browser of a web page; nothing: the user of a device is to be asked
   * @throws SpinorException 403 the user may not be what was asked for; the login has ended by that
   */
  Optional<String> name(LoginFlow flow, String subject) {
    try {
      people.person(people.scope(flow.scope()), subject);
    } catch (SpinorException e) {
      flows.refuse(flow.id(), e.getMessage());
      throw new SpinorException(ErrorCode.FORBIDDEN, String.valueOf(e.getMessage()));
    }
    Page page = flow.page();
    if (page == null) {
      if (!flows.name(flow.id(), subject)) {
        throw ended();
      }
      return Optional.empty();
    }
    String code = Secrets.random();
    if (!flows.giveCode(flow.id(), subject, code, clock.instant().plus(CODE_LIFE))) {
      throw ended();
    }
    return Optional.of(back(page, "code", code));
  }

  /** The address of a web page with our answer. */
  private static String back(Page page, String name, String value) {
    // as DiracX does it: the page's own address may have a fragment, and finds the answer behind it
    return page.redirectUri()
        + (page.redirectUri().contains("?") ? "&" : "?")
        + name
        + "="
        + value
        + "&state="
        + URLEncoder.encode(page.state(), StandardCharsets.UTF_8);
  }

  /** The user of a device says yes. */
  void allow(LoginFlow flow) {
    if (!flows.allow(flow.id())) {
      throw ended();
    }
  }

  /**
   * The user does not want it.
   *
   * @return where to send the browser of a web page
   */
  Optional<String> refuse(LoginFlow flow) {
    flows.refuse(flow.id(), null);
    return Optional.ofNullable(flow.page()).map(page -> back(page, "error", "access_denied"));
  }

  /**
   * A device asks for its tokens.
   *
   * @throws OauthErrorException the user has not answered yet, or has said no
   * @throws SpinorException 400 and 401 as in the contract, 403 the user may not be this
   */
  TokenResponse redeemDevice(String client, String deviceCode) {
    LoginFlow flow =
        flows.ofSecret(Kind.DEVICE, deviceCode).orElseThrow(() -> invalid("Invalid device code"));
    requireClient(flow, client);
    return switch (flow.state()) {
      case STARTED, NAMED -> {
        requireInTime(flow, "Device code expired");
        throw new OauthErrorException(OauthErrorException.PENDING, "");
      }
      case REFUSED -> throw refused(flow);
      case READY -> {
        requireInTime(flow, "Device code expired");
        yield finish(flow);
      }
      case DONE -> throw used(flow);
    };
  }

  /**
   * A web page asks for its tokens.
   *
   * @throws SpinorException 400 and 401 as in the contract, 403 the user may not be this
   */
  TokenResponse redeemCode(String client, String code, String redirectUri, String verifier) {
    LoginFlow flow =
        flows
            .ofSecret(Kind.CODE, code)
            .orElseThrow(() -> new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid code"));
    requireClient(flow, client);
    Page page = Objects.requireNonNull(flow.page());
    if (!page.redirectUri().equals(redirectUri)) {
      throw invalid("Invalid redirect_uri");
    }
    if (!fits(verifier, page.challenge())) {
      throw invalid("Invalid code_challenge");
    }
    if (flow.state() != State.READY) {
      throw used(flow);
    }
    requireInTime(flow, "Code expired");
    return finish(flow);
  }

  private static boolean fits(String verifier, String challenge) {
    try {
      return Secrets.same(
          CodeChallenge.compute(CodeChallengeMethod.S256, new CodeVerifier(verifier)).getValue(),
          challenge);
    } catch (IllegalArgumentException e) {
      return false; // shorter or longer than verifiers are
    }
  }

  private static void requireClient(LoginFlow flow, String client) {
    if (!flow.client().equals(client)) {
      throw invalid("Bad client_id");
    }
  }

  private void requireInTime(LoginFlow flow, String text) {
    if (flow.hasEnded(clock.instant())) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, text);
    }
  }

  private TokenResponse finish(LoginFlow flow) {
    Scope scope = people.scope(flow.scope());
    String subject = Objects.requireNonNull(flow.subject());
    return transactions.in(
        () -> {
          Sessions.Opened session = sessions.open(scope, subject);
          if (!flows.finish(flow.id(), session.id())) {
            throw used(flow);
          }
          return session.response();
        });
  }

  /** A code that comes twice was copied: what the first one got is taken back. */
  private SpinorException used(LoginFlow flow) {
    UUID login = flow.login();
    if (login != null) {
      sessions.revokeLogin(login);
      SecurityLog.alarm(
          String.valueOf(flow.subject()), "the code of a login came again; its session was ended");
    }
    return invalid("Code was already used");
  }

  private static RuntimeException refused(LoginFlow flow) {
    String reason = flow.reason();
    return reason == null
        ? new OauthErrorException(
            OauthErrorException.DENIED, "The login was refused in the browser")
        : new SpinorException(ErrorCode.FORBIDDEN, reason);
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }
}
