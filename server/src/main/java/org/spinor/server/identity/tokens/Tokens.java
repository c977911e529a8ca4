package org.spinor.server.identity.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.spinor.api.AttemptId;
import org.spinor.server.identity.TokenIssuer;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.SigningKeys.Purpose;
import org.spinor.server.identity.tokens.SigningKeys.Signing;

/** Makes tokens: the claims of the DiracX contract, and for machines what they are bound to. */
public final class Tokens implements TokenIssuer {
  /** The group of pilots: they belong to nobody. */
  static final String PILOT_GROUP = "pilot";

  private final Keys keys;
  private final String issuer;
  private final Clock clock;

  Tokens(Keys keys, String issuer, Clock clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A number for a refresh token. */
  public UUID newId() {
    return Uuid7.at(clock.instant());
  }

  /** When something that begins now ends, in the whole seconds that tokens know. */
  public Instant end(Duration life) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(life);
  }

  public String forPerson(Person person, Duration life) {
    return sign(Purpose.PEOPLE, access(person, life));
  }

  @Override
  public String forPilot(String vo, String stamp, Duration life, boolean untrusted) {
    Person pilot =
        new Person(vo + ":pilot:" + stamp, stamp, vo, PILOT_GROUP, Set.of("GenericPilot"));
    return sign(Purpose.MACHINES, trust(access(pilot, life).claim(Claims.PILOT, stamp), untrusted));
  }

  @Override
  public String forPayload(
      AttemptId attempt,
      String pilotStamp,
      String vo,
      String owner,
      String ownerGroup,
      Duration life,
      boolean untrusted) {
    Person payload = new Person(vo + ":job:" + attempt, owner, vo, ownerGroup, Set.of());
    return sign(
        Purpose.MACHINES,
        trust(
            access(payload, life)
                .claim(Claims.PILOT, pilotStamp)
                .claim(Claims.JOB, attempt.jobId().value())
                .claim(Claims.ATTEMPT, attempt.attempt()),
            untrusted));
  }

  private static JWTClaimsSet.Builder trust(JWTClaimsSet.Builder claims, boolean untrusted) {
    return untrusted ? claims.claim(Claims.UNTRUSTED, true) : claims;
  }

  /**
   * A refresh token says nothing but its number: everything else is in its row.
   *
   * @param legacy it was given to an old DIRAC, and is not spent by use
   */
  public String refresh(UUID id, Instant expires, boolean legacy) {
    return sign(
        Purpose.PEOPLE,
        new JWTClaimsSet.Builder()
            .jwtID(id.toString())
            .expirationTime(Date.from(expires))
            .claim(Claims.POLICIES, Map.of())
            .claim(Claims.LEGACY_EXCHANGE, legacy));
  }

  private JWTClaimsSet.Builder access(Person person, Duration life) {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder()
        .jwtID(Uuid7.at(now).toString())
        .expirationTime(Date.from(now.plus(life)))
        .claim(Claims.POLICIES, Map.of())
        .subject(person.subject())
        .claim(Claims.VO, person.vo())
        .issuer(issuer)
        .claim(Claims.PROPERTIES, List.copyOf(new TreeSet<>(person.properties())))
        .claim(Claims.USERNAME, person.username())
        .claim(Claims.GROUP, person.group());
  }

  private String sign(Purpose purpose, JWTClaimsSet.Builder claims) {
    Signing signing = keys.now().signing(purpose);
    SignedJWT token = new SignedJWT(signing.header(), claims.build());
    try {
      token.sign(signing.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
    return token.serialize();
  }
}
