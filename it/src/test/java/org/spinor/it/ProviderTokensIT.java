package org.spinor.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.it.contract.Keycloak;
import org.spinor.it.tokens.TokenPlugin;

/**
 * Tokens for the outside from a real Keycloak, asked for as the server does ({@code spinor admin
 * provider-token}): client credentials with secret and with key, token exchange.
 */
class ProviderTokensIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final String CE = "https://ce.example.org:443";
  private static final String SECRET = "not-a-secret-of-the-machine";
  private static final String LOGIN_OF_ANNA =
      "grant_type=password&client_id=front&username=anna&password=not-a-secret";
  private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
  private static @Nullable Keycloak keycloak;
  private static @Nullable ServerProcess running;
  private static @Nullable URI issuer;

  @BeforeAll
  static void start() throws Exception {
    Path keys = Files.createTempDirectory(HOME.resolve("it/target"), "keys-");
    Said jwks = admin("", "secrets", "make-key", "--provider", "keyed", "--data", keys.toString());
    assertThat(jwks.code()).as(jwks.err()).isZero();
    Keycloak provider =
        Keycloak.begin(
            "machines",
            REALM
                .replace("SECRET", SECRET)
                .replace("JWKS", jwks.out().replaceAll("\\s", "").replace("\"", "\\\"")));
    keycloak = provider;
    issuer = provider.issuer();
    ServerProcess server = ServerProcess.withConfiguration(configuration(provider.issuer()));
    running = server;
    Said kept =
        admin(SECRET, "secrets", "set", "--provider", "spinor", "--data", server.data().toString());
    assertThat(kept.code()).as(kept.err()).isZero();
    Files.copy(
        keys.resolve("secrets/idp-keyed-tokens-key"),
        server.data().resolve("secrets/idp-keyed-tokens-key"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    PluginJar.install(TokenPlugin.class, server);
    provider.awaitReady();
    provider.awaitQuick(LOGIN_OF_ANNA);
    provider.awaitQuick("grant_type=client_credentials&client_id=machine&client_secret=" + SECRET);
  }

  @AfterAll
  static void stop() throws Exception {
    ServerProcess server = running;
    if (server != null) {
      server.close();
    }
    Keycloak provider = keycloak;
    if (provider != null) {
      provider.close();
    }
  }

  @Test
  void machineGetsTheScopesAndTheAudienceThatItAskedFor() throws Exception {
    Said said = token("--vo", "spinor", "--audience", CE, "--scope", "compute.create compute.read");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("\"scope\":\"compute.create compute.read for-ce\"")
        .contains("\"iss\":\"" + issuer + "\"")
        .contains("\"aud\":[\"" + CE + "\"]")
        .contains("\"notes\":[]")
        .doesNotContain("eyJ");
  }

  @Test
  void pilotsGoOutWithATokenOfTheirVoAndNoOtherTrace() throws Exception {
    ServerProcess server = Objects.requireNonNull(running);
    server.as("user", "me").submit("[Executable = \"/bin/true\";]");
    Path claims = server.data().resolve("token-ce/claims-spinor");
    Await.until("a pilot is sent", Duration.ofMinutes(5), () -> Files.exists(claims));
    assertThat(claims)
        .content()
        .contains("compute.create", "compute.read", "for-ce", CE, "\"azp\":\"machine\"");
    try (Stream<Path> files = Files.list(server.data().resolve("logs"))) {
      StringBuilder logs = new StringBuilder();
      for (Path log : files.filter(Files::isRegularFile).toList()) {
        logs.append(Files.readString(log));
      }
      assertThat(logs)
          .doesNotContain("eyJ", SECRET)
          .contains(
              "gives a token: VO spinor, scope 'compute.create compute.read for-ce', audience "
                  + CE)
          .contains("to TEST.Grid.here/ce.example.org/default");
    }
  }

  @Test
  void machineShowsItsKeyInsteadOfASecret() throws Exception {
    Said said = token("--vo", "keyed", "--audience", CE, "--scope", "compute.cancel");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("\"azp\":\"keyed-machine\"");
  }

  @Test
  void tokenOfAUserIsExchangedForOneOfStorage() throws Exception {
    Path subject = Files.createTempFile(HOME.resolve("it/target"), "subject-", "");
    Files.writeString(subject, tokenOfAnna());
    Said said =
        token(
            "--vo",
            "spinor",
            "--audience",
            "storage",
            "--scope",
            "storage.read:/",
            "--exchange",
            subject.toString());
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("\"preferred_username\":\"anna\"")
        .contains("\"aud\":[\"storage\"]")
        .contains("storage.read:/");
    Files.writeString(subject, "eyJhbGciOiJub25lIn0.e30.");
    Said refused =
        token("--vo", "spinor", "--audience", "storage", "--exchange", subject.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("VO spinor, identity provider " + issuer);
    Files.delete(subject);
  }

  @Test
  void whatKeycloakRefusesIsToldWithTheRemedy() throws Exception {
    Said scope = token("--vo", "spinor", "--audience", CE, "--scope", "compute.modify");
    assertThat(scope.code()).isEqualTo(1);
    assertThat(scope.err()).contains("invalid_scope", "machine", "allow the client these scopes");
    Said audience = token("--vo", "spinor", "--audience", "https://other.example.org");
    assertThat(audience.code()).isEqualTo(1);
    assertThat(audience.err()).contains("a token for everybody", "AudienceScopes");
    Said secret = token("--vo", "wrong", "--audience", CE);
    assertThat(secret.code()).isEqualTo(1);
    assertThat(secret.err()).contains("spinor admin secrets set --provider wrong");
    Path data = Objects.requireNonNull(running).data();
    admin("guessed", "secrets", "set", "--provider", "wrong", "--data", data.toString());
    Said guessed = token("--vo", "wrong", "--audience", CE);
    assertThat(guessed.err())
        .containsAnyOf("invalid_client", "unauthorized_client")
        .doesNotContain("guessed");
  }

  private record Said(int code, String out, String err) {}

  private static Said token(String... arguments) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "provider-token",
                "--output",
                "json",
                "--data",
                Objects.requireNonNull(running).data().toString()));
    all.addAll(List.of(arguments));
    return admin("", all.toArray(String[]::new));
  }

  private static Said admin(String input, String... arguments) throws Exception {
    Path err = Files.createTempFile(HOME.resolve("it/target"), "err-", "");
    Process program =
        new ProcessBuilder(ServerProcess.admin(arguments)).redirectError(err.toFile()).start();
    try (var in = program.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String out = new String(program.getInputStream().readAllBytes(), UTF_8);
    Said said = new Said(program.waitFor(), out, Files.readString(err));
    Files.delete(err);
    return said;
  }

  private static String tokenOfAnna() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(LOGIN_OF_ANNA))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    Matcher token = ACCESS_TOKEN.matcher(answer.body());
    assertThat(token.find()).as(answer.body()).isTrue();
    return token.group(1);
  }

  private static String configuration(URI realm) {
    String vo =
        """
          NAME:
            IdP:
              URL: %s
              ClientID: login
              Tokens:
                ClientID: CLIENT
                Authentication: HOW
                AudienceScopes: {"%s": for-ce, storage: for-storage}
            DefaultGroup: user
            Users: {}
            Groups:
              user: {Properties: [NormalUser], Users: []}
        """
            .formatted(realm, CE);
    return "DIRAC:\n  NoSetup: true\nRegistry:\n"
        + vo.replace("NAME", "spinor")
            .replace("CLIENT", "machine")
            .replace("HOW", "client_secret_basic")
        + vo.replace("NAME", "wrong")
            .replace("CLIENT", "machine")
            .replace("HOW", "client_secret_post")
        + vo.replace("NAME", "keyed")
            .replace("CLIENT", "keyed-machine")
            .replace("HOW", "private_key_jwt")
        + """
        Resources:
          Sites:
            TEST.Grid.here:
              CEs:
                ce.example.org:
                  CEType: Token
                  Queues:
                    default: {CPUTime: 500000, NumberOfProcessors: 1, VO: [spinor, wrong]}
        """;
  }

  private static final String REALM =
      """
      {"realm": "machines", "enabled": true,
       "clientScopes": [
         {"name": "compute.create", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}},
         {"name": "compute.read", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}},
         {"name": "compute.cancel", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}},
         {"name": "storage.read:/", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"}},
         {"name": "names", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "false"},
          "protocolMappers": [{"name": "name", "protocol": "openid-connect",
            "protocolMapper": "oidc-usermodel-attribute-mapper",
            "config": {"user.attribute": "username", "claim.name": "preferred_username",
              "jsonType.label": "String", "access.token.claim": "true"}}]},
         {"name": "for-ce", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"},
          "protocolMappers": [{"name": "ce", "protocol": "openid-connect",
            "protocolMapper": "oidc-audience-mapper",
            "config": {"included.custom.audience": "https://ce.example.org:443", "access.token.claim": "true"}}]},
         {"name": "for-storage", "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"},
          "protocolMappers": [{"name": "se", "protocol": "openid-connect",
            "protocolMapper": "oidc-audience-mapper",
            "config": {"included.client.audience": "storage", "access.token.claim": "true"}}]},
         {"name": "for-machine", "protocol": "openid-connect",
          "protocolMappers": [{"name": "machine", "protocol": "openid-connect",
            "protocolMapper": "oidc-audience-mapper",
            "config": {"included.client.audience": "machine", "access.token.claim": "true"}}]}],
       "clients": [
         {"clientId": "machine", "secret": "SECRET", "serviceAccountsEnabled": true,
          "standardFlowEnabled": false, "fullScopeAllowed": false,
          "attributes": {"standard.token.exchange.enabled": "true"},
          "defaultClientScopes": ["names"],
          "optionalClientScopes": ["compute.create", "compute.read", "compute.cancel",
            "storage.read:/", "for-ce", "for-storage"]},
         {"clientId": "keyed-machine", "serviceAccountsEnabled": true, "standardFlowEnabled": false,
          "fullScopeAllowed": false, "clientAuthenticatorType": "client-jwt",
          "attributes": {"use.jwks.string": "true", "jwks.string": "JWKS"},
          "defaultClientScopes": [], "optionalClientScopes": ["compute.cancel", "for-ce"]},
         {"clientId": "storage", "secret": "s", "standardFlowEnabled": false, "fullScopeAllowed": false},
         {"clientId": "front", "publicClient": true, "directAccessGrantsEnabled": true,
          "standardFlowEnabled": false, "fullScopeAllowed": false,
          "defaultClientScopes": ["for-machine"], "optionalClientScopes": []}],
       "users": [
         {"username": "anna", "enabled": true, "email": "anna@example.org", "firstName": "Anna",
          "lastName": "A", "credentials": [{"type": "password", "value": "not-a-secret"}]}]}
      """;
}
