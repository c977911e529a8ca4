package org.spinor.server.identity.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.MovingClock;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.people.Roles;

class TokensTest {
  private static final String ISSUER = "http://localhost:8000";
  private static final Duration LIFE = Duration.ofMinutes(20);
  private static final Person ALICE =
      new Person("earth:4711", "alice", "earth", "users", Set.of("NormalUser", "JobSharing"));

  private final MovingClock clock = new MovingClock();
  private final JWKSet keySet = KeyFile.fresh(clock.instant());
  private final SigningKeys keys = SigningKeys.of(keySet);
  private final Tokens tokens = new Tokens(Keys.fixed(keys), ISSUER, clock);
  private final TokenReader reader = new TokenReader(Keys.fixed(keys), ISSUER, clock);

  @Test
  void personsTokenHasExactlyTheClaimsOfTheContract() throws Exception {
    SignedJWT token = SignedJWT.parse(tokens.forPerson(ALICE, LIFE));
    assertThat(token.getHeader().toJSONObject())
        .containsOnly(
            Map.entry("typ", "JWT"),
            Map.entry("alg", "Ed25519"),
            Map.entry("kid", keySet.getKeys().getFirst().getKeyID()));
    Map<String, Object> claims = token.getPayload().toJSONObject();
    assertThat(claims)
        .containsOnlyKeys(
            "jti",
            "exp",
            "dirac_policies",
            "sub",
            "vo",
            "iss",
            "dirac_properties",
            "preferred_username",
            "dirac_group");
    assertThat(claims)
        .containsEntry("exp", clock.instant().plus(LIFE).getEpochSecond())
        .containsEntry("dirac_policies", Map.of())
        .containsEntry("sub", "earth:4711")
        .containsEntry("vo", "earth")
        .containsEntry("iss", ISSUER)
        .containsEntry("dirac_properties", List.of("JobSharing", "NormalUser"))
        .containsEntry("preferred_username", "alice")
        .containsEntry("dirac_group", "users");
    assertThat(UUID.fromString(String.valueOf(claims.get("jti"))).version()).isEqualTo(7);
  }

  @Test
  void refreshTokenSaysNothingButItsNumberAndItsEnd() throws Exception {
    UUID id = Uuid7.at(clock.instant());
    Instant end = clock.instant().plus(LIFE);
    String token = tokens.refresh(id, end, false);
    assertThat(SignedJWT.parse(token).getPayload().toJSONObject())
        .containsOnly(
            Map.entry("jti", id.toString()),
            Map.entry("exp", end.getEpochSecond()),
            Map.entry("dirac_policies", Map.of()),
            Map.entry("legacy_exchange", false));
    assertThat(reader.refresh(token)).isEqualTo(new TokenReader.Refresh(id, end, false));
  }

  @Test
  void personComesBackAsCaller() throws Exception {
    Bearer bearer = reader.access(tokens.forPerson(ALICE, LIFE));
    assertThat(bearer.with(Reach.VO))
        .isEqualTo(
            new Caller(
                "earth:4711",
                "alice",
                "earth",
                "users",
                Set.of("NormalUser", "JobSharing"),
                Reach.VO,
                Optional.empty(),
                Optional.empty()));
    assertThat(bearer.roles()).isEqualTo(Roles.ofPerson(ALICE.properties()));
  }

  @Test
  void pilotAndPayloadHaveOneRoleEach() throws Exception {
    assertThat(reader.access(tokens.forPilot("earth", "stamp-1", LIFE, true)).untrusted()).isTrue();
    Bearer pilot = reader.access(tokens.forPilot("earth", "stamp-1", LIFE, false));
    assertThat(pilot.untrusted()).isFalse();
    assertThat(pilot.roles()).isEqualTo(Roles.ofPilot());
    assertThat(pilot.own().pilotStamp()).contains("stamp-1");
    assertThat(pilot.own().attempt()).isEmpty();
    AttemptId attempt = new AttemptId(new JobId(77), 3);
    Bearer payload =
        reader.access(
            tokens.forPayload(attempt, "stamp-1", "earth", "alice", "users", LIFE, false));
    assertThat(payload.roles()).isEqualTo(Roles.ofPayload());
    assertThat(payload.own().attempt()).contains(attempt);
    assertThat(payload.own().pilotStamp()).contains("stamp-1");
    assertThat(payload.own().username()).isEqualTo("alice");
    assertThat(payload.own().group()).isEqualTo("users");
    assertThat(payload.own().properties()).isEmpty();
  }

  @Test
  void tokenEndsOnTimeEvenWhenRemembered() throws Exception {
    String token = tokens.forPerson(ALICE, LIFE);
    clock.move(LIFE.minusSeconds(1));
    assertThat(reader.access(token).own().username()).isEqualTo("alice");
    clock.move(Duration.ofSeconds(1));
    refused(token, "expired");
    refused(token, "expired");
  }

  @Test
  void everyChangedCharacterIsNoticed() throws Exception {
    String token = tokens.forPerson(ALICE, LIFE);
    reader.access(token);
    int signature = token.lastIndexOf('.');
    for (int i = 0; i < signature; i += 7) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, i) + other + token.substring(i + 1);
      assertThatThrownBy(() -> reader.access(forged)).isInstanceOf(InvalidTokenException.class);
    }
    char first = token.charAt(signature + 1) == 'A' ? 'B' : 'A';
    refused(
        token.substring(0, signature + 1) + first + token.substring(signature + 2),
        "wrong signature");
  }

  @Test
  void unsignedTokenIsRefused() {
    refused(new PlainJWT(claims().build()).serialize(), "not a signed token");
    String none = base64("{\"alg\":\"none\",\"kid\":\"" + personKey().getKeyID() + "\"}");
    refused(none + "." + base64(claims().build().toString()) + ".", "not a signed token");
  }

  @Test
  void publicKeyIsNoSecret() throws Exception {
    // the classic confusion: the verifier's public key taken as a secret for HMAC
    byte[] known = personKey().getDecodedX();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(personKey().getKeyID()).build();
    refused(signed(header, new MACSigner(known), claims()), "the algorithm is not the key's");
  }

  @Test
  void keyForMachinesSignsNoPerson() throws Exception {
    OctetSequenceKey secret = (OctetSequenceKey) keySet.getKeys().get(1);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(secret.getKeyID()).build();
    refused(signed(header, new MACSigner(secret), claims()), "signed by a key for other tokens");
  }

  @Test
  void strangersKeyIsUnknownWhateverItsName() throws Exception {
    JWKSet strange = KeyFile.fresh(clock.instant());
    Tokens stranger = new Tokens(Keys.fixed(SigningKeys.of(strange)), ISSUER, clock);
    refused(stranger.forPerson(ALICE, LIFE), "signed by an unknown key");
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.Ed25519).keyID(personKey().getKeyID()).build();
    OctetKeyPair key = strange.getKeys().getFirst().toOctetKeyPair();
    refused(signed(header, new Ed25519Signer(key), claims()), "wrong signature");
    JWSHeader nameless = new JWSHeader.Builder(JWSAlgorithm.Ed25519).build();
    refused(signed(nameless, new Ed25519Signer(personKey()), claims()), "signed by an unknown key");
  }

  @Test
  void anotherIssuerIsRefused() {
    Tokens other = new Tokens(Keys.fixed(keys), "https://elsewhere.example.org", clock);
    refused(other.forPerson(ALICE, LIFE), "issued by another server");
  }

  @Test
  void kindsOfTokensDoNotMix() {
    String refresh = tokens.refresh(Uuid7.at(clock.instant()), clock.instant().plus(LIFE), false);
    refused(refresh, "issued by another server");
    assertThatThrownBy(() -> reader.refresh(tokens.forPerson(ALICE, LIFE)))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage("not a refresh token");
    assertThatThrownBy(() -> reader.refresh(tokens.forPilot("earth", "s", LIFE, false)))
        .isInstanceOf(InvalidTokenException.class);
  }

  @Test
  void halfATokenIsRefused() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.Ed25519).keyID(personKey().getKeyID()).build();
    JWSSigner signer = new Ed25519Signer(personKey());
    for (String claim :
        List.of("sub", "vo", "dirac_group", "dirac_properties", "preferred_username", "exp")) {
      refused(signed(header, signer, claims().claim(claim, null)), "no claim " + claim);
    }
    refused(
        signed(header, signer, claims().claim("dirac_properties", "NormalUser")),
        "a claim has the wrong type");
    refused(signed(header, signer, claims().claim("vo", 5)), "vo is no text");
  }

  @Test
  void nonsenseIsRefused() {
    for (String nonsense : List.of("", ".", "..", "a.b.c", "\u0000", "x".repeat(20_000))) {
      assertThatThrownBy(() -> reader.access(nonsense))
          .as(nonsense)
          .isInstanceOf(InvalidTokenException.class);
    }
  }

  @Test
  void tokensOutliveAChangeOfKeys() throws Exception {
    String before = tokens.forPerson(ALICE, LIFE);
    JWKSet rotated =
        new JWKSet(
            List.of(
                KeyFile.fresh(clock.instant()).getKeys().getFirst(),
                personKey().toPublicJWK(),
                keySet.getKeys().get(1)));
    SigningKeys newKeys = SigningKeys.of(rotated);
    TokenReader newReader = new TokenReader(Keys.fixed(newKeys), ISSUER, clock);
    assertThat(newReader.access(before).own().username()).isEqualTo("alice");
    String after = new Tokens(Keys.fixed(newKeys), ISSUER, clock).forPerson(ALICE, LIFE);
    assertThat(newReader.access(after).own().username()).isEqualTo("alice");
    refused(after, "signed by an unknown key");
  }

  @Test
  void publishedKeysHaveNoSecretPart() {
    Object published = keys.published().get("keys");
    assertThat(published).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
    assertThat(String.valueOf(published)).contains("Ed25519").doesNotContainPattern("\\b(d|k)=");
  }

  private void refused(String token, String why) {
    assertThatThrownBy(() -> reader.access(token))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessage(why);
  }

  private OctetKeyPair personKey() {
    return keySet.getKeys().getFirst().toOctetKeyPair();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .jwtID("x")
        .issuer(ISSUER)
        .expirationTime(Date.from(clock.instant().plus(LIFE)))
        .subject("earth:4711")
        .claim("vo", "earth")
        .claim("dirac_group", "users")
        .claim("preferred_username", "alice")
        .claim("dirac_properties", List.of("JobAdministrator"));
  }

  private static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims.build());
    token.sign(signer);
    return token.serialize();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
