package org.spinor.server.identity.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.identity.broker.Inspection.Approved;
import org.spinor.server.identity.broker.TokenEndpoint.VoProvider;

/**
 * Asks each VO's provider no more often than needed: an answer, good or bad, is remembered for a
 * while, and whoever wants the same at the same time waits for the one request. All in memory, so
 * it is gone with the server.
 */
final class Broker implements TokenBroker {
  /** A token is given out until so long before its end, or half its life where that is less. */
  static final Duration RESERVE = Duration.ofMinutes(5);

  /** How long a refusal is believed: an operator who has mended it waits no longer. */
  static final Duration REFUSAL = Duration.ofMinutes(1);

  /** How long a provider that does not answer is left alone. */
  static final Duration SILENCE = Duration.ofSeconds(15);

  private static final int MOST = 10_000;

  private final Function<String, Optional<IdentityProvider>> providers;
  private final TokenEndpoint endpoint;
  private final Clock clock;
  private final Duration patience;
  private final Cache<Key, CompletableFuture<Remembered>> memory =
      Caffeine.newBuilder().maximumSize(MOST).build();

  /** Another configuration of the provider is another key, so it counts at once. */
  private record Key(
      String vo, IdentityProvider provider, SortedSet<String> scopes, String audience) {}

  private sealed interface Remembered {
    /** When it is forgotten. */
    Instant until();

    /**
     * @param told the purposes that stand in the security log
     */
    record Token(Approved approved, Set<String> told, Instant until) implements Remembered {}

    record Failure(BrokerException failure, Instant until) implements Remembered {}
  }

  /**
   * @param providers by VO, as the configuration has them now
   * @param patience how long a caller waits, whatever the provider does
   */
  Broker(
      Function<String, Optional<IdentityProvider>> providers,
      TokenEndpoint endpoint,
      Clock clock,
      Duration patience) {
    this.providers = providers;
    this.endpoint = endpoint;
    this.clock = clock;
    this.patience = patience;
  }

  @Override
  public OutsideToken token(Order order) {
    VoProvider provider = provider(order);
    Key key = new Key(order.vo(), provider.about(), order.scopes(), order.audience());
    CompletableFuture<Remembered> answer =
        memory
            .asMap()
            .compute(
                key,
                (_, known) ->
                    known != null && holds(known) ? known : later(() -> fetch(provider, order)));
    Remembered remembered = await(provider, answer);
    return switch (remembered) {
      case Remembered.Token token -> {
        if (token.told().add(order.purpose())) {
          tell(provider, order, token.approved(), "");
        }
        yield token.approved().token();
      }
      case Remembered.Failure(BrokerException failure, Instant _) ->
          throw new BrokerException(
              failure.remedy(), String.valueOf(failure.getMessage()), failure);
    };
  }

  /** Looked at here: an expiring cache learns of an answer's end after whoever waited for it. */
  private boolean holds(CompletableFuture<Remembered> known) {
    return switch (known.state()) {
      case RUNNING -> true;
      case SUCCESS -> known.resultNow().until().isAfter(clock.instant());
      case FAILED, CANCELLED -> false;
    };
  }

  private static <T> CompletableFuture<T> later(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, run -> Thread.ofVirtual().name("token-broker").start(run));
  }

  private Remembered fetch(VoProvider provider, Order order) {
    try {
      Approved approved = ask(provider, order);
      return new Remembered.Token(
          approved, ConcurrentHashMap.newKeySet(), useUntil(approved.token().expires()));
    } catch (BrokerException e) {
      Duration believed = e.remedy() == Remedy.LATER ? SILENCE : REFUSAL;
      return new Remembered.Failure(e, clock.instant().plus(believed));
    }
  }

  private Instant useUntil(Instant expires) {
    Duration half = Duration.between(clock.instant(), expires).dividedBy(2);
    return expires.minus(half.compareTo(RESERVE) < 0 ? half : RESERVE);
  }

  @Override
  public OutsideToken exchange(Order order, String subjectToken) {
    VoProvider provider = provider(order);
    Approved approved = await(provider, later(() -> ask(provider, order, subjectToken)));
    tell(provider, order, approved, " for another's token");
    return approved.token();
  }

  /** Without a memory. */
  Approved fresh(Order order, Optional<String> subjectToken) {
    VoProvider provider = provider(order);
    return subjectToken
        .map(token -> ask(provider, order, token))
        .orElseGet(() -> ask(provider, order));
  }

  private Approved ask(VoProvider provider, Order order) {
    return ask(provider, order, new ClientCredentialsGrant(), List.of());
  }

  private Approved ask(VoProvider provider, Order order, String subjectToken) {
    AuthorizationGrant grant =
        new TokenExchangeGrant(
            new TypelessToken(subjectToken),
            TokenTypeURI.ACCESS_TOKEN,
            null,
            null,
            TokenTypeURI.ACCESS_TOKEN,
            null);
    return ask(provider, order, grant, List.of(subjectToken));
  }

  private Approved ask(
      VoProvider provider, Order order, AuthorizationGrant grant, List<String> secrets) {
    return Inspection.of(
        provider, order, endpoint.ask(provider, order, grant, secrets), clock.instant());
  }

  private static void tell(VoProvider provider, Order order, Approved approved, String how) {
    SecurityLog.issued(
        "%s gives a token%s: VO %s, scope '%s', audience %s, until %s, to %s"
            .formatted(
                provider.about().url(),
                how,
                order.vo(),
                String.join(" ", approved.scopes()),
                order.audience(),
                approved.token().expires(),
                order.purpose()));
    approved
        .notes()
        .forEach(
            note ->
                SecurityLog.alarm(
                    "%s, %s".formatted(order.vo(), provider.about().url()),
                    "the token for %s %s".formatted(order.audience(), note)));
  }

  private VoProvider provider(Order order) {
    SortedSet<String> impossible = new TreeSet<>(order.scopes());
    IdentityProvider about =
        providers
            .apply(order.vo())
            .filter(each -> each.tokens().isPresent())
            .orElseThrow(
                () ->
                    new BrokerException(
                        Remedy.OPERATOR,
                        "VO %s: no tokens for the outside: Registry.%s.IdP.Tokens is missing in the configuration"
                            .formatted(order.vo(), order.vo())));
    VoProvider provider = new VoProvider(order.vo(), about, about.tokens().orElseThrow());
    impossible.removeIf(
        scope -> WlcgScopes.isKnown(scope) || provider.tokens().extraScopes().contains(scope));
    if (!impossible.isEmpty() || order.scopes().isEmpty()) {
      throw provider.failure(
          Remedy.CALLER,
          "no token is asked for with scope '%s': expected scopes of the WLCG profile, as compute.read or storage.read:/path, or of IdP.Tokens.ExtraScopes"
              .formatted(String.join(" ", impossible)));
    }
    if (order.audience().isBlank()) {
      throw provider.failure(Remedy.CALLER, "no token is asked for without an audience");
    }
    return provider;
  }

  private <T> T await(VoProvider provider, CompletableFuture<T> answer) {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw provider.failure(
          Remedy.LATER, "no token within %d s; asked again soon".formatted(patience.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw provider.failure(Remedy.LATER, "interrupted while waiting for a token");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BrokerException failure) {
        throw failure;
      }
      throw provider.failure(Remedy.LATER, "asking for a token failed: " + e.getCause());
    }
  }
}
