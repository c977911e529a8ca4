package org.spinor.server.identity.logins;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.logins.LoginFlow.Kind;
import org.spinor.server.identity.people.People;
import org.spinor.server.identity.providers.IdentityProviders;
import org.spinor.server.identity.providers.IdentityProviders.Departure;
import org.spinor.server.identity.providers.ProviderIdentity;
import org.springframework.stereotype.Component;

/** Where the user of a VO proves who they are: at its identity provider, or here. */
@Component
final class LoginDoors {
  private static final String AUDITED = "login at the identity provider";

  private final LoginFlows flows;
  private final BrowserLogins logins;
  private final IdentityProviders providers;
  private final People people;
  private final Clock clock;

  /**
   * What an identity provider gave a browser along on its way back.
   *
   * @param state that we sent it off with
   * @param issuer what the provider says of itself, where it does (RFC 9207)
   */
  record Arrival(String state, @Nullable String issuer) {}

  /**
   * @param next where to send the browser of a web page; nothing: the user of a device is asked
   */
  record Named(LoginFlow flow, Optional<String> next) {}

  LoginDoors(
      LoginFlows flows,
      BrowserLogins logins,
      IdentityProviders providers,
      People people,
      Clock clock) {
    this.flows = flows;
    this.logins = logins;
    this.providers = providers;
    this.people = people;
    this.clock = clock;
  }

  /**
   * Where to send a browser that begins a login.
   *
   * @throws SpinorException 502 the identity provider does not answer
   */
  String address(LoginFlow flow) {
    Vo vo = people.vo(people.scope(flow.scope()));
    if (vo.identityProvider().isEmpty()) {
      return BrowserPages.base() + "/api/auth/login?flow=" + flow.id();
    }
    Departure departure = providers.depart(vo, comeBack(flow.kind()));
    if (!flows.leave(flow.id(), departure.state(), departure.nonce(), departure.verifier())) {
      throw BrowserLogins.ended();
    }
    return departure.address().toString();
  }

  /** The addresses that are registered at the provider. */
  private static URI comeBack(Kind kind) {
    String base = BrowserPages.base();
    return URI.create(
        switch (kind) {
          case DEVICE -> base + "/api/auth/device/complete";
          case CODE -> base + "/api/auth/authorize/complete";
        });
  }

  /**
   * The user is back with the provider's code.
   *
   * @throws SpinorException 400 the state is none of ours or of this browser, 401 the code is not
   *     good, 403 the user may not be what was asked for, 502 the provider does not answer
   */
  Named arrive(Kind kind, Arrival arrival, String code, HttpServletRequest request) {
    LoginFlows.Trip trip = trip(kind, arrival, request);
    LoginFlow flow = trip.flow();
    Vo vo = people.vo(people.scope(flow.scope()));
    if (arrival.issuer() != null && !arrival.issuer().equals(providers.issuer(vo))) {
      throw invalidState(); // an answer of another provider
    }
    ProviderIdentity identity =
        providers.identity(
            vo, new IdentityProviders.Return(code, comeBack(kind), trip.nonce(), trip.verifier()));
    try {
      people.arrived(vo, identity);
    } catch (SpinorException e) {
      flows.refuse(flow.id(), e.getMessage());
      throw e;
    }
    Optional<String> next = logins.name(flow, identity.subject());
    SecurityLog.done(AUDITED, identity.subject() + " for " + flow.scope(), request.getRemoteAddr());
    return new Named(flow, next);
  }

  /**
   * The user is back and was not let in, or did not want to be.
   *
   * @param error the provider's word for it
   */
  Named turnedAway(Kind kind, Arrival arrival, String error, HttpServletRequest request) {
    LoginFlow flow = trip(kind, arrival, request).flow();
    SecurityLog.refused(AUDITED, flow.scope(), request.getRemoteAddr(), error);
    return new Named(flow, logins.refuse(flow));
  }

  private LoginFlows.Trip trip(Kind kind, Arrival arrival, HttpServletRequest request) {
    return flows
        .comeBack(kind, arrival.state(), clock.instant())
        .filter(trip -> BrowserLogins.belongs(trip.flow(), LoginCookie.of(request)))
        .orElseThrow(LoginDoors::invalidState);
  }

  private static SpinorException invalidState() {
    return new SpinorException(ErrorCode.INVALID_REQUEST, "Invalid state");
  }
}
