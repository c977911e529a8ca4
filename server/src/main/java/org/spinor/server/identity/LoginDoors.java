package org.spinor.server.identity;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.identity.IdentityProviders.Departure;
import org.spinor.server.identity.LoginFlow.Kind;
import org.springframework.stereotype.Component;

/** Where the user of a VO proves who they are: at its identity provider, or here. */
@Component
final class LoginDoors {
  private final LoginFlows flows;
  private final BrowserLogins logins;
  private final IdentityProviders providers;
  private final People people;
  private final Clock clock;

  /**
   * A browser that comes back from an identity provider.
   *
   * @param base address of this server as the browser sees it
   * @param issuer what the provider says of itself, where it does (RFC 9207)
   * @param cookie what the browser's cookie says
   */
  record Arrival(
      Kind kind, String base, String state, Optional<String> issuer, Optional<String> cookie) {}

  /**
   * @param next where to send the browser of a web page; nothing: the user of a device is asked
   */
  record Named(LoginFlow flow, String subject, Optional<String> next) {}

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
   * @param base address of this server as the browser sees it
   * @throws SpinorException 502 the identity provider does not answer
   */
  String address(LoginFlow flow, String base) {
    Vo vo = people.vo(people.scope(flow.scope()));
    if (vo.identityProvider().isEmpty()) {
      return base + "/api/auth/login?flow=" + flow.id();
    }
    Departure departure = providers.depart(vo, comeBack(flow.kind(), base));
    if (!flows.leave(flow.id(), departure.state(), departure.nonce(), departure.verifier())) {
      throw BrowserLogins.ended();
    }
    return departure.address().toString();
  }

  /** The addresses that are registered at the provider. */
  private static URI comeBack(Kind kind, String base) {
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
  Named arrive(Arrival arrival, String code) {
    LoginFlows.Trip trip = trip(arrival);
    LoginFlow flow = trip.flow();
    Vo vo = people.vo(people.scope(flow.scope()));
    if (arrival.issuer().isPresent() && !arrival.issuer().get().equals(providers.issuer(vo))) {
      throw invalidState(); // an answer of another provider
    }
    ProviderIdentity identity =
        providers.identity(
            vo,
            new IdentityProviders.Return(
                code, comeBack(flow.kind(), arrival.base()), trip.nonce(), trip.verifier()));
    try {
      people.arrived(vo, identity);
    } catch (SpinorException e) {
      flows.refuse(flow.id(), e.getMessage());
      throw e;
    }
    return new Named(flow, identity.subject(), logins.name(flow, identity.subject()));
  }

  /** The user is back and was not let in, or did not want to be. */
  Named turnedAway(Arrival arrival) {
    LoginFlow flow = trip(arrival).flow();
    return new Named(flow, "", logins.refuse(flow));
  }

  private LoginFlows.Trip trip(Arrival arrival) {
    return flows
        .comeBack(arrival.kind(), arrival.state(), clock.instant())
        .filter(trip -> BrowserLogins.belongs(trip.flow(), arrival.cookie()))
        .orElseThrow(LoginDoors::invalidState);
  }

  private static SpinorException invalidState() {
    return new SpinorException(ErrorCode.INVALID_REQUEST, "Invalid state");
  }
}
