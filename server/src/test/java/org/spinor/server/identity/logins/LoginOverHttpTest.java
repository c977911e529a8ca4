package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.accounts.TestAccounts;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.sessions.TestSessions;
import org.spinor.server.identity.tokens.Tokens;
import org.spinor.server.web.Greeting;
import org.spinor.server.web.WireJson;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginOverHttpTest {
  private static final String PASSWORD = "päss wörd & more=";
  private static final AtomicInteger COUNT = new AtomicInteger();
  @TempDir static Path data;
  private Slice server;

  @BeforeAll
  void start() {
    server = new Slice(data);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void administratorOfTheConfigurationLogsInWithThePasswordOfTheFile() throws Exception {
    Path file = data.resolve("secrets/admin-password");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(server.bean(Greeting.class).line().orElse(""))
        .contains("spinor login --user root", file.toString())
        .doesNotContain(Files.readString(file).strip());
    Answer answer = login("root", Files.readString(file).strip(), "vo:earth group:admin");
    assertThat(answer.status()).isEqualTo(200);
    Answer who = server.get("/api/auth/userinfo", access(answer));
    assertThat(who.json())
        .isEqualTo(
            WireJson.mapper()
                .readTree(
                    """
                    {"sub":"earth:s-root","vo":"earth","dirac_group":"admin","policies":{},
                     "properties":["CSAdministrator","JobAdministrator","ProxyManagement"],
                     "preferred_username":"root"}
                    """));
  }

  @Test
  void answerHasTheFieldsThatClientsIndex() throws Exception {
    String user = newUser();
    Answer answer = login(user, PASSWORD, "vo:earth");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("access_token", "expires_in", "token_type", "refresh_token");
    assertThat(answer.json().path("expires_in").isInt()).isTrue();
    assertThat(answer.json().path("expires_in").asInt()).isEqualTo(1200);
    assertThat(answer.json().path("token_type").asString()).isEqualTo("Bearer");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    SignedJWT refresh = SignedJWT.parse(refresh(answer));
    assertThat(refresh.getPayload().toJSONObject().get("exp")).isInstanceOf(Long.class);
    JsonNode keys = server.send(server.request("/.well-known/jwks.json")).json();
    JWKSet published = JWKSet.parse(keys.toString());
    assertThat(refresh.verify(new Ed25519Verifier(published.getKeys().getFirst().toOctetKeyPair())))
        .isTrue();
    assertThat(keys.path("keys").path(0).propertyNames())
        .containsExactlyInAnyOrder("kty", "crv", "kid", "x", "alg", "key_ops");
  }

  @Test
  void refusalsOfTheTokenRoute() throws Exception {
    String user = newUser();
    refused(login(user, "wrong", "vo:earth"), 401, "Invalid username or password");
    refused(login(user, PASSWORD, "vo:nope"), 400, "VO nope is not known to this installation");
    refused(
        login(user, PASSWORD, "vo:earth group:admin"),
        403,
        "User is not a member of the requested group (" + user + ", admin)");
    refused(
        token(Map.of("grant_type", "password", "username", user)),
        400,
        "The field client_id is missing");
    refused(token(Map.of("client_id", "myDIRACClientID")), 400, "The field grant_type is missing");
    refused(
        token(Map.of("grant_type", "password", "client_id", "other")),
        401,
        "Unrecognised client_id");
    refused(
        token(Map.of("grant_type", "magic", "client_id", "myDIRACClientID")),
        400,
        "grant_type 'magic' is not offered; offered are authorization_code,"
            + " urn:ietf:params:oauth:grant-type:device_code, password, refresh_token");
    refused(
        server.form("/api/auth/token", "grant_type=password&grant_type=refresh_token"),
        400,
        "The field grant_type is given 2 times");
    assertThat(server.json("/api/auth/token", "{}").status()).isEqualTo(415);
    assertThat(server.form("/api/auth/token", "").status()).isBetween(400, 422);
  }

  @Test
  void passwordInTheAddressIsNotTaken() throws Exception {
    String user = newUser();
    Answer answer =
        server.form(
            "/api/auth/token?" + form(Map.of("password", PASSWORD)),
            form(
                Map.of(
                    "grant_type", "password",
                    "client_id", "myDIRACClientID",
                    "username", user,
                    "scope", "vo:earth")));
    refused(answer, 400, "The field password is missing");
  }

  @Test
  void guessingIsStoppedForAWhile() throws Exception {
    String user = newUser();
    for (int i = 0; i < 5; i++) {
      refused(login(user, "guess " + i, "vo:earth"), 401, "Invalid username or password");
    }
    Answer stopped = login(user, PASSWORD, "vo:earth");
    refused(stopped, 429, "Too many failed attempts; try again in 300 s");
    assertThat(stopped.header("Retry-After")).contains("300");
    assertThat(stopped.json().path("code").asString()).isEqualTo("TOO_MANY_REQUESTS");
    assertThat(login(newUser(), PASSWORD, "vo:earth").status()).as("others may").isEqualTo(200);
    server.clock.move(Duration.ofMinutes(5));
    assertThat(login(user, PASSWORD, "vo:earth").status()).isEqualTo(200);
  }

  @Test
  void successForgetsEarlierFailures() throws Exception {
    String user = newUser();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 4; i++) {
        assertThat(login(user, "guess " + i, "vo:earth").status()).isEqualTo(401);
      }
      assertThat(login(user, PASSWORD, "vo:earth").status()).isEqualTo(200);
    }
  }

  @Test
  void refreshRotatesAndReuseEndsEverything() throws Exception {
    String user = newUser();
    Answer first = login(user, PASSWORD, "vo:earth");
    Answer second = refresh(first.json().path("refresh_token").asString());
    assertThat(second.status()).isEqualTo(200);
    refused(
        refresh(refresh(first)),
        401,
        "Revoked refresh token reused: potential attack detected. You must authenticate again");
    assertThat(refresh(refresh(second)).status()).isEqualTo(401);
    refused(refresh("garbage"), 401, "Invalid refresh token");
    server.clock.move(Duration.ofHours(9));
    refused(refresh(refresh(second)), 401, "The refresh token has expired. You must log in again");
  }

  @Test
  void revocationAnswersTheSameForEverything() throws Exception {
    String user = newUser();
    String token = refresh(login(user, PASSWORD, "vo:earth"));
    for (String each : List.of("garbage", token, token)) {
      Answer answer = server.form("/api/auth/revoke", form(Map.of("token", each)));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("\"Refresh token revoked\"");
      assertThat(answer.header("Content-Type").orElse("")).startsWith("application/json");
    }
    assertThat(refresh(token).status()).isEqualTo(401);
    refused(
        server.form(
            "/api/auth/revoke", form(Map.of("token", token, "token_type_hint", "access_token"))),
        400,
        "unsupported_token_type");
    refused(
        server.form("/api/auth/revoke", form(Map.of("token", token, "client_id", "other"))),
        401,
        "Unrecognised client_id");
    refused(server.form("/api/auth/revoke", "x=y"), 400, "The field token is missing");
  }

  @Test
  void sessionsAreListedAndEnded() throws Exception {
    String alice = newUser();
    String access = access(login(alice, PASSWORD, "vo:earth property:NormalUser"));
    String other = access(login(newUser(), PASSWORD, "vo:earth"));
    JsonNode list = server.get("/api/auth/refresh-tokens", access).json();
    assertThat(list).hasSize(1);
    assertThat(list.path(0).propertyNames())
        .containsExactlyInAnyOrder("JTI", "Status", "Scope", "Sub");
    assertThat(list.path(0).path("Status").asInt()).isEqualTo(1);
    assertThat(list.path(0).path("Scope").asString())
        .isEqualTo("vo:earth group:users property:NormalUser");
    assertThat(list.path(0).path("Sub").asString()).isEqualTo("earth:s-" + alice);
    String id = list.path(0).path("JTI").asString();

    refused(delete(id, other), 403, "A refresh token of somebody else cannot be revoked");
    refused(delete("nonsense", access), 400, "'nonsense' is not the UUID of a refresh token");
    String unknown = UUID.randomUUID().toString();
    refused(delete(unknown, access), 404, "Token " + unknown + " not found");
    Answer done = delete(id, access);
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.text()).isEqualTo("\"Refresh token revoked\"");
    assertThat(server.get("/api/auth/refresh-tokens", access).json()).isEmpty();
  }

  @Test
  void proxyManagerSeesAndEndsSessionsOfItsVoOnly() throws Exception {
    login("marvin", PASSWORD, "vo:mars");
    TestAccounts.add(server, "mars", "marvin", "s-marvin", PASSWORD);
    login("marvin", PASSWORD, "vo:mars");
    String alice = newUser();
    login(alice, PASSWORD, "vo:earth");
    String manager =
        server
            .bean(Tokens.class)
            .forPerson(
                new Person("earth:m", "m", "earth", "admin", Set.of("ProxyManagement")),
                Duration.ofMinutes(5));
    JsonNode list = server.get("/api/auth/refresh-tokens", manager).json();
    assertThat(list.valueStream().map(each -> each.path("Sub").asString()))
        .contains("earth:s-" + alice)
        .allMatch(subject -> subject.startsWith("earth:"));
    String marvins = session("mars:s-marvin");
    assertThat(delete(marvins, manager).status()).isEqualTo(403);
    String alices = session("earth:s-" + alice);
    assertThat(delete(alices, manager).status()).isEqualTo(200);
  }

  @Test
  void secretOfAPilotGivesAShortTokenWithoutRefresh() throws Exception {
    String right = "{\"pilot_stamp\":\"stamp-1\",\"pilot_secret\":\"s3cret\"}";
    Answer answer = server.json("/api/auth/secret-exchange", right);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("access_token", "expires_in", "token_type");
    assertThat(answer.json().path("expires_in").asInt()).isEqualTo(3600);
    JsonNode who = server.get("/api/auth/userinfo", access(answer)).json();
    assertThat(who.path("sub").asString()).isEqualTo("earth:pilot:stamp-1");
    assertThat(who.path("preferred_username").asString()).isEqualTo("stamp-1");
    assertThat(who.path("properties").path(0).asString()).isEqualTo("GenericPilot");

    String wrong = right.replace("s3cret", "guess");
    for (int i = 0; i < 10; i++) {
      refused(
          server.json("/api/auth/secret-exchange", wrong),
          401,
          "Invalid pilot_stamp or pilot_secret, or the pilot has ended");
    }
    Answer stopped = server.json("/api/auth/secret-exchange", right);
    assertThat(stopped.status()).isEqualTo(429);
    assertThat(stopped.header("Retry-After")).isPresent();
    assertThat(server.json("/api/auth/secret-exchange", "{}").status()).isEqualTo(422);
    server.clock.move(Duration.ofMinutes(5));
    assertThat(server.json("/api/auth/secret-exchange", right).status()).isEqualTo(200);
  }

  @Test
  void discoveryNamesTheRoutesUnderTheAddressThatTheClientUses() throws Exception {
    JsonNode document = server.send(server.request("/.well-known/openid-configuration")).json();
    assertThat(document.propertyNames())
        .containsExactlyInAnyOrder(
            "issuer",
            "token_endpoint",
            "userinfo_endpoint",
            "authorization_endpoint",
            "device_authorization_endpoint",
            "revocation_endpoint",
            "jwks_uri",
            "grant_types_supported",
            "scopes_supported",
            "response_types_supported",
            "token_endpoint_auth_signing_alg_values_supported",
            "token_endpoint_auth_methods_supported",
            "code_challenge_methods_supported");
    assertThat(document.path("issuer").asString()).isEqualTo(Slice.ISSUER);
    assertThat(document.path("token_endpoint").asString())
        .isEqualTo(server.base() + "/api/auth/token");
    assertThat(document.path("scopes_supported").valueStream().map(JsonNode::asString))
        .contains(
            "vo:earth", "vo:mars", "group:users", "property:NormalUser", "property:OwnInvention");
    JsonNode behindProxy =
        server
            .send(
                server
                    .request("/.well-known/openid-configuration")
                    .header("X-Forwarded-Proto", "https")
                    .header("X-Forwarded-Host", "spinor.example.org"))
            .json();
    assertThat(behindProxy.path("jwks_uri").asString())
        .isEqualTo("https://spinor.example.org/.well-known/jwks.json");
  }

  @Test
  void metadataListsVosWithGroups() throws Exception {
    JsonNode vos =
        server
            .send(server.request("/.well-known/dirac-metadata"))
            .json()
            .path("virtual_organizations");
    assertThat(vos.path("mars"))
        .isEqualTo(
            WireJson.mapper()
                .readTree(
                    """
                    {"groups":{"users":{"properties":["NormalUser","OwnInvention"]}},
                     "support":{"message":"Ask around","webpage":null,"email":"mars@example.org"},
                     "default_group":"users"}
                    """));
  }

  @Test
  void securityContactIsTextForPeopleAndJsonForDiracX() throws Exception {
    Answer text = server.send(server.request("/.well-known/security.txt"));
    assertThat(text.header("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(text.text())
        .contains(
            "Contact: mailto:earth@example.org\n", "Expires: 2050-", "Preferred-Languages: en");
    Answer json =
        server.send(
            server.request("/.well-known/security.txt").header("Accept", "application/json"));
    assertThat(json.json().isString()).isTrue();
    assertThat(json.json().asString()).isEqualTo(text.text());
  }

  @Test
  void openApiNamesTheOperationsAsDiracXDoes() throws Exception {
    JsonNode paths = server.send(server.request("/api/openapi.json")).json().path("paths");
    Map<String, String> expected =
        new HashMap<>(
            Map.of(
                "get /.well-known/openid-configuration", ".well-known_get_openid_configuration",
                "get /.well-known/jwks.json", ".well-known_get_jwks",
                "get /.well-known/dirac-metadata", ".well-known_get_installation_metadata",
                "get /.well-known/security.txt", ".well-known_get_security_txt",
                "post /api/auth/token", "auth_get_oidc_token",
                "post /api/auth/revoke", "auth_revoke_refresh_token_by_refresh_token",
                "get /api/auth/refresh-tokens", "auth_get_refresh_tokens",
                "delete /api/auth/refresh-tokens/{jti}", "auth_revoke_refresh_token_by_jti",
                "get /api/auth/userinfo", "auth_userinfo"));
    expected.putAll(
        Map.of(
            "post /api/auth/device", "auth_initiate_device_flow",
            "get /api/auth/device", "auth_do_device_flow",
            "get /api/auth/device/complete", "auth_finish_device_flow",
            "get /api/auth/device/complete/finished", "auth_finished",
            "get /api/auth/authorize/complete", "auth_complete_authorization_flow",
            "get /api/auth/authorize", "auth_initiate_authorization_flow"));
    assertThat(names(paths, "/api/auth/authorize"))
        .containsExactlyInAnyOrder(
            "response_type",
            "code_challenge",
            "code_challenge_method",
            "client_id",
            "redirect_uri",
            "scope",
            "state");
    assertThat(names(paths, "/api/auth/device")).containsExactly("user_code");
    assertThat(names(paths, "/api/auth/device/complete")).containsExactly("code", "state");
    assertThat(names(paths, "/api/auth/authorize/complete")).containsExactly("code", "state");
    assertThat(
            paths
                .path("/api/auth/token")
                .path("post")
                .path("requestBody")
                .path("content")
                .path("application/x-www-form-urlencoded")
                .path("schema")
                .path("$ref")
                .asString(""))
        .endsWith("/Body_auth_get_oidc_token");
    expected.forEach(
        (route, name) -> {
          String[] parts = route.split(" ");
          assertThat(paths.path(parts[1]).path(parts[0]).path("operationId").asString(""))
              .as(route)
              .isEqualTo(name);
        });
  }

  private static List<String> names(JsonNode paths, String path) {
    return paths
        .path(path)
        .path("get")
        .path("parameters")
        .valueStream()
        .map(parameter -> parameter.path("name").asString())
        .toList();
  }

  /** A member of earth's users with a local account. */
  private String newUser() {
    String name = "user" + COUNT.incrementAndGet();
    server.configurations.join("earth", "s-" + name, name, "users");
    assertThat(TestAccounts.add(server, "earth", name, "s-" + name, PASSWORD)).isTrue();
    return name;
  }

  /** The newest session of a user. */
  private String session(String subject) {
    return TestSessions.ofSubject(server.database.jdbc(), subject).getFirst().toString();
  }

  private Answer login(String user, String password, String scope) throws Exception {
    return token(
        Map.of(
            "grant_type", "password",
            "client_id", "myDIRACClientID",
            "username", user,
            "password", password,
            "scope", scope));
  }

  private Answer refresh(String token) throws Exception {
    return token(
        Map.of(
            "grant_type", "refresh_token",
            "client_id", "myDIRACClientID",
            "refresh_token", token));
  }

  private Answer token(Map<String, String> fields) throws Exception {
    return server.form("/api/auth/token", form(fields));
  }

  private Answer delete(String id, String token) throws Exception {
    HttpRequest.Builder request =
        server
            .request("/api/auth/refresh-tokens/" + id)
            .header("Authorization", "Bearer " + token)
            .DELETE();
    return server.send(request);
  }

  private static String access(Answer answer) {
    return answer.json().path("access_token").asString();
  }

  private static String refresh(Answer answer) {
    return answer.json().path("refresh_token").asString();
  }

  private static void refused(Answer answer, int status, String detail) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.detail()).isEqualTo(detail);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
