package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.FixedConfigurations;
import org.spinor.server.identity.Slice;
import org.spinor.server.identity.Slice.Answer;
import org.spinor.server.identity.logins.TestBrowser.Shown;
import org.spinor.server.identity.providers.FakeProvider;
import tools.jackson.databind.JsonNode;

/** Two VOs with a provider each, beside one with local accounts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderLoginTest {
  private static final String DEVICE_GRANT =
      "client_id=myDIRACClientID&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=";
  private static final String REDIRECT = Slice.ISSUER + "/#authentication-callback";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  @TempDir static Path data;
  private Slice server;
  private FakeProvider provider;
  private FakeProvider venusian;

  @BeforeAll
  void start() throws Exception {
    provider = new FakeProvider();
    venusian = new FakeProvider();
    server = new Slice(data);
    server.configurations.identityProvider("earth", provider.url(), null, Map.of());
    server.configurations.vo(
        "venus",
        Map.of("s-vera", "vera"),
        FixedConfigurations.group("users", Set.of("NormalUser"), "s-vera"),
        FixedConfigurations.group("pilots", Set.of("GenericPilot")));
    server.configurations.identityProvider(
        "venus",
        venusian.url() + "/",
        "wlcg.groups",
        Map.of("users", Set.of("/venus"), "pilots", Set.of("/venus/pilots")));
  }

  @BeforeEach
  void everybodyBehaves() {
    provider.behave();
    venusian.behave();
    server.clock.move(Duration.ofMinutes(6));
  }

  @AfterAll
  void stop() {
    server.close();
    provider.close();
    venusian.close();
  }

  @Test
  void deviceOfAUserOnTheListGoesThroughTheProvider() throws Exception {
    JsonNode device = device("vo:earth");
    TestBrowser browser = new TestBrowser();
    Shown first = browser.step(device.path("verification_uri_complete").asString());
    assertThat(first.status()).isEqualTo(307);
    assertThat(first.location())
        .startsWith(provider.url() + "/authorize?")
        .contains("client_id=" + FakeProvider.CLIENT, "code_challenge_method=S256", "nonce=")
        .contains("redirect_uri=http%3A%2F%2Flocalhost")
        .contains("%2Fapi%2Fauth%2Fdevice%2Fcomplete");
    Shown back = browser.step(browser.step(first.location()).location());
    assertThat(back.status()).isEqualTo(307);
    Shown question = browser.open(back.location());
    assertThat(question.text()).contains("alice", "Allow");
    assertThat(poll(device).text()).isEqualTo("{\"error\":\"authorization_pending\"}");
    assertThat(browser.fill(question, Map.of("answer", "allow")).status()).isEqualTo(200);
    Answer tokens = poll(device);
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    assertThat(who(tokens).path("sub").asString()).isEqualTo("earth:s-alice");
  }

  @Test
  void pageOfAUserOnTheListGoesThroughTheProvider() throws Exception {
    Shown back = throughProvider(new TestBrowser(), authorize("vo:earth"));
    assertThat(back.status()).as(back.text()).isEqualTo(307);
    assertThat(back.location()).startsWith(REDIRECT + "?code=").endsWith("&state=mine");
    Answer tokens = redeem(back.location());
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    assertThat(who(tokens).path("preferred_username").asString()).isEqualTo("alice");
  }

  @Test
  void userIsAdmittedByTheGroupsOfTheIdToken() throws Exception {
    venusian.subject = "s-vivian";
    venusian.claims.put("preferred_username", "vivian");
    venusian.claims.put("wlcg.groups", List.of("/venus", "/other"));
    Answer tokens = login("vo:venus");
    assertThat(who(tokens).path("sub").asString()).isEqualTo("venus:s-vivian");
    assertThat(who(tokens).path("preferred_username").asString()).isEqualTo("vivian");
    Shown refused = throughProvider(new TestBrowser(), authorize("vo:venus group:pilots"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text())
        .contains("User is not a member of the requested group (vivian, pilots)");
    Answer refreshed = refresh(tokens);
    assertThat(refreshed.status()).isEqualTo(200);

    venusian.claims.put("wlcg.groups", List.of("/other"));
    assertThat(throughProvider(new TestBrowser(), authorize("vo:venus")).status()).isEqualTo(403);
    assertThat(refresh(refreshed).status()).as("what the last login showed counts").isEqualTo(403);
  }

  @Test
  void groupsAndNameMayComeFromUserInfo() throws Exception {
    venusian.subject = "s-valerie";
    venusian.userInfo.put("preferred_username", "valerie");
    venusian.userInfo.put("wlcg.groups", List.of("/venus/pilots", "/venus"));
    Answer tokens = login("vo:venus group:pilots");
    assertThat(who(tokens).path("preferred_username").asString()).isEqualTo("valerie");
    venusian.userInfo.put("sub", "s-somebody-else");
    assertThat(throughProvider(new TestBrowser(), authorize("vo:venus")).status()).isEqualTo(401);
  }

  @Test
  void nameStaysAndBelongsToOneUser() throws Exception {
    venusian.subject = "s-victor";
    venusian.claims.put("preferred_username", "victor");
    venusian.claims.put("wlcg.groups", List.of("/venus"));
    login("vo:venus");
    venusian.claims.put("preferred_username", "victoria");
    assertThat(who(login("vo:venus")).path("preferred_username").asString()).isEqualTo("victor");

    venusian.subject = "s-thief";
    for (String name : List.of("victor", "vera", "a b", "../x", "")) {
      venusian.claims.put("preferred_username", name);
      Shown refused = throughProvider(new TestBrowser(), authorize("vo:venus"));
      assertThat(refused.status()).as(name).isEqualTo(403);
    }
  }

  @Test
  void strangersAreRefusedAndNotKept() throws Exception {
    venusian.subject = "s-stranger";
    venusian.claims.put("preferred_username", "stranger");
    venusian.claims.put("wlcg.groups", List.of("/venus/other", "venus"));
    Shown refused = throughProvider(new TestBrowser(), authorize("vo:venus"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("User s-stranger is not registered in the VO venus");
    assertThat(
            server
                .database
                .jdbc()
                .sql(
                    """
                    SELECT count(*) FROM identity.provided_user
                    WHERE vo = 'venus' AND subject = 's-stranger'
                    """)
                .query(Long.class)
                .single())
        .isZero();
    provider.subject = "s-stranger";
    provider.claims.put("wlcg.groups", List.of("/venus"));
    assertThat(throughProvider(new TestBrowser(), authorize("vo:earth")).status())
        .as("claims count only where the configuration says so")
        .isEqualTo(403);
  }

  @Test
  void idTokensThatAreNotGoodAreRefused() throws Exception {
    RSAKey other = FakeProvider.rsa();
    List<Consumer<FakeProvider>> lies =
        List.of(
            fake -> fake.signature = claims -> FakeProvider.signed(claims, other, "unknown"),
            fake ->
                fake.signature = claims -> FakeProvider.signed(claims, other, fake.key.getKeyID()),
            fake -> fake.signature = PlainJWT::new,
            fake -> fake.signature = claims -> hmac(claims, fake.key),
            fake -> fake.claimsOfToken = claims -> with(claims, "iss", "https://evil.example.org"),
            fake -> fake.claimsOfToken = claims -> with(claims, "iss", venusian.url()),
            fake -> fake.claimsOfToken = claims -> with(claims, "aud", "another-client"),
            fake -> fake.claimsOfToken = claims -> with(claims, "nonce", "another-nonce"),
            fake -> fake.claimsOfToken = claims -> with(claims, "nonce", null),
            fake -> fake.claimsOfToken = claims -> with(claims, "sub", null),
            fake ->
                fake.claimsOfToken =
                    claims -> with(claims, "exp", Date.from(Instant.now().minusSeconds(120))));
    for (int i = 0; i < lies.size(); i++) {
      provider.behave();
      lies.get(i).accept(provider);
      Shown refused = throughProvider(new TestBrowser(), authorize("vo:earth"));
      assertThat(refused.status()).as("lie %d", i).isIn(401, 502);
      assertThat(refused.header("location")).as("lie %d", i).isEmpty();
    }
    provider.behave();
    assertThat(throughProvider(new TestBrowser(), authorize("vo:earth")).status())
        .as("and the truth passes")
        .isEqualTo(307);
  }

  @Test
  void stateIsGoodOnceForOneBrowserAndOneKindOfLogin() throws Exception {
    TestBrowser browser = new TestBrowser();
    String back = browser.step(browser.step(authorize("vo:earth")).location()).location();
    assertThat(new TestBrowser().step(back).text()).contains("Invalid state");
    assertThat(browser.step(back).status()).as("spent by the stranger").isEqualTo(400);

    String second = browser.step(browser.step(authorize("vo:earth")).location()).location();
    String asDevice = second.replace("/authorize/complete", "/device/complete");
    assertThat(browser.step(asDevice).status()).isEqualTo(400);
    assertThat(browser.step(second).status()).isEqualTo(307);
    assertThat(browser.step(second).status()).isEqualTo(400);
    assertThat(browser.step(second.replaceFirst("state=[^&]*", "state=x")).status()).isEqualTo(400);

    String late = browser.step(browser.step(authorize("vo:earth")).location()).location();
    server.clock.move(Duration.ofMinutes(10));
    assertThat(browser.step(late).status()).isEqualTo(400);
  }

  @Test
  void codeOfOneProviderIsWorthNothingForTheVoOfAnother() throws Exception {
    TestBrowser browser = new TestBrowser();
    String earthly = browser.step(browser.step(authorize("vo:earth")).location()).location();
    String venusians = browser.step(browser.step(authorize("vo:venus")).location()).location();
    String code = earthly.replaceFirst(".*[?&]code=", "").replaceFirst("&.*", "");
    Shown mixed = browser.step(venusians.replaceFirst("code=[^&]*", "code=" + code));
    assertThat(mixed.status()).isEqualTo(401);
    assertThat(mixed.text()).contains("Invalid code");

    venusian.issuerOfAnswer = any -> provider.url();
    Shown foreign = throughProvider(browser, authorize("vo:venus"));
    assertThat(foreign.status()).as("an answer that names another issuer").isEqualTo(400);
  }

  @Test
  void userWhoDoesNotWantItIsBelieved() throws Exception {
    provider.denies = true;
    Shown back = throughProvider(new TestBrowser(), authorize("vo:earth"));
    assertThat(back.location()).isEqualTo(REDIRECT + "?error=access_denied&state=mine");
    JsonNode device = device("vo:earth");
    Shown end =
        throughProvider(new TestBrowser(), device.path("verification_uri_complete").asString());
    assertThat(end.status()).isEqualTo(200);
    assertThat(poll(device).json().path("error").asString()).isEqualTo("access_denied");
  }

  @Test
  void providerThatIsAwayIsABadGateway() throws Exception {
    FakeProvider away = new FakeProvider();
    String url = away.url();
    away.close();
    server.configurations.vo(
        "pluto", Map.of(), FixedConfigurations.group("users", Set.of("NormalUser")));
    server.configurations.identityProvider("pluto", url, null, Map.of());
    Answer answer =
        server.send(server.request(authorize("vo:pluto").substring(server.base().length())));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.detail()).contains(url);
  }

  @Test
  void secretOfTheInstallationAtTheProviderComesFromAFile() throws Exception {
    provider.secret = "s";
    assertThat(throughProvider(new TestBrowser(), authorize("vo:earth")).status()).isEqualTo(502);
    Path file = data.resolve("secrets/idp-earth-client-secret");
    Files.writeString(file, "s\n");
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(throughProvider(new TestBrowser(), authorize("vo:earth")).status())
          .as("a secret that others may read is none")
          .isEqualTo(502);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(throughProvider(new TestBrowser(), authorize("vo:earth")).status()).isEqualTo(307);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void whoseVoHasAProviderFindsNoLoginPageHere() throws Exception {
    TestBrowser browser = new TestBrowser();
    browser.step(authorize("vo:earth"));
    String flow =
        server
            .database
            .jdbc()
            .sql("SELECT id FROM identity.login_flow ORDER BY id DESC LIMIT 1")
            .query(String.class)
            .single();
    assertThat(browser.step(server.base() + "/api/auth/login?flow=" + flow).status())
        .isEqualTo(400);
    String marvins = authorize("vo:mars");
    assertThat(browser.step(marvins).location()).contains("/api/auth/login?flow=");
  }

  private static JWTClaimsSet with(
      JWTClaimsSet claims, String name, @org.jspecify.annotations.Nullable Object value) {
    return new JWTClaimsSet.Builder(claims).claim(name, value).build();
  }

  private static JWT hmac(JWTClaimsSet claims, RSAKey key) {
    try {
      SignedJWT jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
      jwt.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
      return jwt;
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From here to the provider and back; what we answer then. */
  private static Shown throughProvider(TestBrowser browser, String address) throws Exception {
    Shown away = browser.step(address);
    assertThat(away.status()).as(away.text()).isEqualTo(307);
    return browser.step(browser.step(away.location()).location());
  }

  private Answer login(String scope) throws Exception {
    Shown back = throughProvider(new TestBrowser(), authorize(scope));
    assertThat(back.status()).as(back.text()).isEqualTo(307);
    Answer tokens = redeem(back.location());
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    return tokens;
  }

  private String authorize(String scope) {
    return server.base()
        + "/api/auth/authorize?response_type=code&code_challenge_method=S256&state=mine"
        + "&client_id=myDIRACClientID&code_challenge="
        + CHALLENGE
        + "&redirect_uri="
        + REDIRECT.replace("#", "%23")
        + "&scope="
        + scope.replace(" ", "%20");
  }

  private Answer redeem(String back) throws Exception {
    String code = back.replaceFirst(".*\\?code=", "").replaceFirst("&.*", "");
    return server.form(
        "/api/auth/token",
        "grant_type=authorization_code&client_id=myDIRACClientID&code="
            + code
            + "&code_verifier="
            + VERIFIER
            + "&redirect_uri="
            + REDIRECT.replace("#", "%23"));
  }

  private Answer refresh(Answer tokens) throws Exception {
    return server.form(
        "/api/auth/token",
        "client_id=myDIRACClientID&grant_type=refresh_token&refresh_token="
            + tokens.json().path("refresh_token").asString());
  }

  private JsonNode device(String scope) throws Exception {
    URI address =
        URI.create("/api/auth/device?client_id=myDIRACClientID&scope=" + scope.replace(" ", "%20"));
    return server
        .send(server.request(address.toString()).POST(HttpRequest.BodyPublishers.noBody()))
        .json();
  }

  private Answer poll(JsonNode device) throws Exception {
    return server.form("/api/auth/token", DEVICE_GRANT + device.path("device_code").asString());
  }

  private JsonNode who(Answer tokens) throws Exception {
    return server.get("/api/auth/userinfo", tokens.json().path("access_token").asString()).json();
  }
}
