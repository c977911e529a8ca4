package org.spinor.server.identity.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.TokenBroker.Order;
import org.spinor.server.identity.providers.ProviderDocuments;

/** Asks the token endpoint of a VO's provider, once, without a memory. */
final class TokenEndpoint {
  private static final int LONGEST_TEXT = 300;

  /** Whatever else they say, the next request has the same answer until an operator acts. */
  private static final Set<String> FOR_OPERATORS =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "invalid_scope",
          "invalid_target",
          "invalid_request",
          "unsupported_grant_type",
          "access_denied");

  private final ResourceRetriever retriever;
  private final ClientLogin login;
  private final BoundedSender sender;
  private final Cache<String, OIDCProviderMetadata> known =
      Caffeine.newBuilder().maximumSize(1000).expireAfterWrite(Duration.ofHours(1)).build();

  /**
   * @param limit for one answer of the token endpoint
   */
  TokenEndpoint(ResourceRetriever retriever, ClientLogin login, Duration limit) {
    this.retriever = retriever;
    this.login = login;
    this.sender = new BoundedSender(limit);
  }

  /** A VO's provider as the configuration has it now. */
  record VoProvider(String vo, IdentityProvider about, MachineTokens tokens) {
    BrokerException failure(Remedy remedy, String what) {
      return new BrokerException(
          remedy, "VO %s, identity provider %s: %s".formatted(vo, about.url(), what));
    }
  }

  /**
   * What the provider gave, unseen by anybody yet.
   *
   * @param asked all scopes of the request, the one for the audience included
   */
  record Answer(SortedSet<String> asked, Tokens tokens) {
    @Override
    public String toString() {
      return "Answer[asked=" + asked + "]";
    }
  }

  /**
   * @param secrets further texts that no message may show
   * @throws BrokerException it gives none
   */
  Answer ask(VoProvider provider, Order order, AuthorizationGrant grant, List<String> secrets) {
    OIDCProviderMetadata metadata = metadata(provider);
    ClientAuthentication client =
        login.of(provider.vo(), provider.about(), provider.tokens(), metadata.getIssuer());
    SortedSet<String> scopes = scopes(provider.tokens(), order);
    List<String> hidden = new ArrayList<>(secrets);
    if (client instanceof PlainClientSecret plain) {
      hidden.add(plain.getClientSecret().getValue());
    }
    TokenRequest.Builder request =
        new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant)
            .scope(new Scope(scopes.toArray(String[]::new)));
    audience(provider, order.audience(), request);
    return new Answer(scopes, tokens(provider, order, request.build(), hidden));
  }

  private OIDCProviderMetadata metadata(VoProvider provider) {
    String url = provider.about().url();
    OIDCProviderMetadata before = known.getIfPresent(url);
    if (before != null) {
      return before;
    }
    try {
      OIDCProviderMetadata metadata = ProviderDocuments.fetch(retriever, url);
      if (metadata.getTokenEndpointURI() == null) {
        throw provider.failure(Remedy.OPERATOR, "its document names no token endpoint");
      }
      known.put(url, metadata);
      return metadata;
    } catch (IOException e) {
      throw provider.failure(Remedy.LATER, "cannot be reached or understood: " + e.getMessage());
    }
  }

  private static SortedSet<String> scopes(MachineTokens tokens, Order order) {
    SortedSet<String> scopes = new TreeSet<>(order.scopes());
    String forAudience = tokens.audienceScopes().get(order.audience());
    if (forAudience != null) {
      scopes.add(forAudience);
    }
    return scopes;
  }

  private static void audience(VoProvider provider, String audience, TokenRequest.Builder request) {
    String how = provider.tokens().audience();
    if (how.equals("audience") || how.equals("both")) {
      request.customParameter("audience", audience);
    }
    if (how.equals("resource") || how.equals("both")) {
      try {
        request.resource(URI.create(audience));
      } catch (IllegalArgumentException e) {
        throw provider.failure(
            Remedy.OPERATOR,
            "the audience %s is no address and cannot be asked for as a resource (IdP.Tokens.Audience: audience)"
                .formatted(audience));
      }
    }
  }

  private Tokens tokens(
      VoProvider provider, Order order, TokenRequest request, List<String> hidden) {
    HTTPRequest http = request.toHTTPRequest();
    http.setAccept("application/json");
    HTTPResponse answer;
    try {
      answer = http.send(sender);
    } catch (IOException e) {
      throw provider.failure(Remedy.LATER, "its token endpoint: " + e.getMessage());
    }
    int status = answer.getStatusCode();
    if (status >= 500 || status == 429) {
      throw provider.failure(
          Remedy.LATER, "its token endpoint answers HTTP %d; asked again soon".formatted(status));
    }
    try {
      TokenResponse response = TokenResponse.parse(answer);
      if (response.indicatesSuccess()) {
        return response.toSuccessResponse().getTokens();
      }
      throw refused(provider, order, response.toErrorResponse().getErrorObject(), hidden);
    } catch (ParseException e) {
      // Not what it complains about: that may be a token.
      throw provider.failure(
          Remedy.LATER,
          "its token endpoint answers HTTP %d and nothing that is a token".formatted(status));
    }
  }

  private static BrokerException refused(
      VoProvider provider, Order order, ErrorObject error, List<String> hidden) {
    String code = Objects.requireNonNullElse(error.getCode(), "HTTP " + error.getHTTPStatusCode());
    String text = Objects.requireNonNullElse(error.getDescription(), "");
    for (String secret : hidden) {
      text = text.replace(secret, "***");
    }
    String all = (code + (text.isBlank() ? "" : ": " + text)).replaceAll("\\p{Cntrl}", "?");
    String said = all.length() > LONGEST_TEXT ? all.substring(0, LONGEST_TEXT) + "..." : all;
    if (code.equals("invalid_grant")) {
      return provider.failure(Remedy.CALLER, "it refuses the token to be exchanged: " + said);
    }
    return provider.failure(
        FOR_OPERATORS.contains(code) ? Remedy.OPERATOR : Remedy.LATER,
        "it gives the client %s no token with scope '%s' for %s: %s%s"
            .formatted(
                provider.tokens().clientId(),
                String.join(" ", order.scopes()),
                order.audience(),
                said,
                advice(code)));
  }

  private static String advice(String code) {
    return switch (code) {
      case "invalid_client" -> "; check IdP.Tokens.ClientID, Authentication and the secret";
      case "unauthorized_client", "unsupported_grant_type" ->
          "; allow the client this grant at the provider";
      case "invalid_scope" -> "; allow the client these scopes at the provider";
      case "invalid_target" ->
          "; the provider must know the audience, or takes it another way: IdP.Tokens.Audience";
      default -> "";
    };
  }
}
