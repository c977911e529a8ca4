package org.spinor.server.identity.broker;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.TokenBroker.Order;
import org.spinor.server.identity.TokenBroker.OutsideToken;
import org.spinor.server.identity.broker.TokenEndpoint.Answer;
import org.spinor.server.identity.broker.TokenEndpoint.VoProvider;

/**
 * Looks whether a token is what was ordered: neither less, which would fail later and elsewhere,
 * nor more, which would be a gift to whoever gets hold of it. What the token itself says counts
 * where it is a JWT; it came from the issuer over the issuer's own connection, so its signature
 * tells nothing new.
 */
final class Inspection {
  private static final Duration SHORTEST = Duration.ofSeconds(30);

  /**
   * A token that may be used.
   *
   * @param notes in which harmless ways it is more than was ordered, and what to do about it
   */
  record Approved(
      OutsideToken token, SortedSet<String> scopes, List<String> audiences, List<String> notes) {}

  private final VoProvider provider;
  private final Order order;
  private final Answer answer;
  private final Instant now;
  private final List<String> notes = new ArrayList<>();

  private Inspection(VoProvider provider, Order order, Answer answer, Instant now) {
    this.provider = provider;
    this.order = order;
    this.answer = answer;
    this.now = now;
  }

  /**
   * @throws BrokerException it is not to be used
   */
  static Approved of(VoProvider provider, Order order, Answer answer, Instant now) {
    return new Inspection(provider, order, answer, now).approve();
  }

  private Approved approve() {
    AccessToken token = answer.tokens().getAccessToken();
    if (!AccessTokenType.BEARER.equals(token.getType())) {
      throw unfit("a token of type " + token.getType() + " instead of Bearer");
    }
    if (answer.tokens().getRefreshToken() != null) {
      notes.add("came with a refresh token, which was thrown away");
    }
    Optional<JWTClaimsSet> claims = claims(token.getValue());
    claims.ifPresent(this::checkIssuer);
    SortedSet<String> scopes = scopes(token, claims);
    List<String> audiences = claims.map(this::audiences).orElse(List.of());
    Instant expires = expires(token, claims);
    return new Approved(
        new OutsideToken(token.getValue(), expires), scopes, audiences, List.copyOf(notes));
  }

  private static Optional<JWTClaimsSet> claims(String token) {
    try {
      return Optional.ofNullable(JWTParser.parse(token).getJWTClaimsSet());
    } catch (ParseException e) {
      return Optional.empty(); // opaque: only the provider can read it
    }
  }

  private void checkIssuer(JWTClaimsSet claims) {
    if (claims.getIssuer() == null || !provider.about().isIssuer(claims.getIssuer())) {
      throw unfit("a token of another issuer, " + claims.getIssuer());
    }
  }

  private SortedSet<String> scopes(AccessToken token, Optional<JWTClaimsSet> claims) {
    SortedSet<String> given = new TreeSet<>();
    boolean told = token.getScope() != null;
    if (told) {
      given.addAll(token.getScope().toStringList());
    }
    Optional<SortedSet<String>> inside = claims.flatMap(Inspection::scopes);
    if (inside.isPresent()) {
      given.addAll(inside.get());
    }
    SortedSet<String> missing = new TreeSet<>(order.scopes());
    missing.removeAll(inside.orElse(given));
    // Without a word about scopes they are those asked for (RFC 6749, 5.1).
    if ((told || inside.isPresent()) && !missing.isEmpty()) {
      throw unfit(
          "a token without the scope %s; allow it to the client %s there"
              .formatted(String.join(" ", missing), provider.tokens().clientId()));
    }
    SortedSet<String> more = new TreeSet<>(given);
    more.removeAll(answer.asked());
    List<String> powers = more.stream().filter(WlcgScopes::isPower).toList();
    if (!powers.isEmpty()) {
      throw unfit(
          "a token with more power than was asked for, %s; take it from what the client %s gets by default"
              .formatted(String.join(" ", powers), provider.tokens().clientId()));
    }
    if (!more.isEmpty()) {
      notes.add(
          "has scopes that nobody asked for: %s; take them from the client's default scopes"
              .formatted(String.join(" ", more)));
    }
    return given.isEmpty() ? answer.asked() : given;
  }

  /** A text with blanks, or a list. */
  private static Optional<SortedSet<String>> scopes(JWTClaimsSet claims) {
    return switch (claims.getClaim("scope")) {
      case String text -> Optional.of(new TreeSet<>(List.of(text.strip().split("\\s+"))));
      case List<?> list -> Optional.of(new TreeSet<>(list.stream().map(String::valueOf).toList()));
      case null, default -> Optional.empty();
    };
  }

  private List<String> audiences(JWTClaimsSet claims) {
    List<String> audiences = Objects.requireNonNullElse(claims.getAudience(), List.of());
    if (!audiences.contains(order.audience())) {
      throw unfit(
          "a token for %s; see IdP.Tokens.Audience and AudienceScopes for how the provider wants to be asked"
              .formatted(audiences.isEmpty() ? "everybody" : "the audience " + audiences));
    }
    List<String> others =
        audiences.stream().filter(audience -> !audience.equals(order.audience())).toList();
    if (!others.isEmpty()) {
      notes.add(
          "is good for other audiences too: %s; keep them out of the client's tokens at the provider"
              .formatted(String.join(", ", others)));
    }
    return audiences;
  }

  private Instant expires(AccessToken token, Optional<JWTClaimsSet> claims) {
    Optional<Instant> told =
        token.getLifetime() > 0
            ? Optional.of(now.plusSeconds(token.getLifetime()))
            : Optional.empty();
    @Nullable Date inside = claims.map(JWTClaimsSet::getExpirationTime).orElse(null);
    Instant expires =
        told.filter(end -> inside == null || end.isBefore(inside.toInstant()))
            .or(() -> Optional.ofNullable(inside).map(Date::toInstant))
            .orElseThrow(() -> unfit("a token that does not say when it ends"));
    Duration life = Duration.between(now, expires);
    if (life.compareTo(SHORTEST) < 0) {
      throw unfit(
          "a token that ends in %d s; let the client's tokens live some minutes, and compare the clocks"
              .formatted(life.toSeconds()));
    }
    // Some seconds may lie between the clocks.
    if (life.compareTo(Duration.ofSeconds(provider.tokens().maxSeconds() + 60L)) > 0) {
      throw unfit(
          "a token that lives %d s; shorten the life of the client's tokens there, or raise IdP.Tokens.MaxSeconds (%d)"
              .formatted(life.toSeconds(), provider.tokens().maxSeconds()));
    }
    return expires;
  }

  private BrokerException unfit(String what) {
    return provider.failure(
        Remedy.OPERATOR,
        "asked for scope '%s' at %s it gave %s"
            .formatted(String.join(" ", order.scopes()), order.audience(), what));
  }
}
