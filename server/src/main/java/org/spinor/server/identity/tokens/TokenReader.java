package org.spinor.server.identity.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.SigningKeys.Purpose;
import org.spinor.server.identity.tokens.SigningKeys.Verifying;

/**
 * Verifies tokens. Verified ones are remembered, because a signature costs 200 microseconds and a
 * client sends the same token a thousand times; a bad one is never remembered.
 */
public final class TokenReader {
  /** Longest token looked at; ours have about 600 characters. */
  private static final int MAX_LENGTH = 16_384;

  public static final String EXPIRED = "expired";

  private static final int REMEMBERED = 50_000;
  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(20);

  /**
   * What a refresh token says.
   *
   * @param legacy it was given to an old DIRAC, and is not spent by use
   */
  public record Refresh(UUID id, Instant expires, boolean legacy) {}

  private final Keys keys;
  private final String issuer;
  private final Clock clock;
  private final Cache<String, Remembered> verified =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(REMEMBERED_FOR).build();

  /**
   * @param by the keys in use then: with other keys it is verified again
   */
  private record Remembered(Bearer bearer, SigningKeys by) {}

  TokenReader(Keys keys, String issuer, Clock clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
  }

  public Bearer access(String token) throws InvalidTokenException {
    SigningKeys now = keys.now();
    Remembered known = verified.getIfPresent(token);
    if (known == null || known.by() != now) {
      known = new Remembered(bearer(token), now);
      verified.put(token, known);
    }
    if (known.bearer().expires() <= clock.instant().getEpochSecond()) {
      verified.invalidate(token);
      throw new InvalidTokenException(EXPIRED);
    }
    return known.bearer();
  }

  public Refresh refresh(String token) throws InvalidTokenException {
    JWTClaimsSet claims = verified(token, Purpose.PEOPLE);
    if (!(claims.getClaim(Claims.LEGACY_EXCHANGE) instanceof Boolean legacy)) {
      throw new InvalidTokenException("not a refresh token");
    }
    Instant expires = expiry(claims);
    if (!expires.isAfter(clock.instant())) {
      throw new InvalidTokenException(EXPIRED);
    }
    try {
      return new Refresh(UUID.fromString(present(claims.getJWTID(), "jti")), expires, legacy);
    } catch (IllegalArgumentException e) {
      throw new InvalidTokenException("jti is no UUID", e);
    }
  }

  private Bearer bearer(String token) throws InvalidTokenException {
    SignedJWT signed = parse(token);
    Verifying key = key(signed);
    JWTClaimsSet claims = verified(signed, key);
    if (!issuer.equals(claims.getIssuer())) {
      throw new InvalidTokenException("issued by another server");
    }
    long expires = expiry(claims).getEpochSecond();
    Person person = person(claims);
    String stamp = text(claims, Claims.PILOT);
    if (stamp == null) {
      require(key, Purpose.PEOPLE);
      return Bearer.ofPerson(person, expires);
    }
    require(key, Purpose.MACHINES);
    Bearer machine = machine(claims, person, stamp, expires);
    return Boolean.TRUE.equals(claims.getClaim(Claims.UNTRUSTED))
        ? machine.whomNobodyVouchesFor()
        : machine;
  }

  private static Bearer machine(JWTClaimsSet claims, Person person, String stamp, long expires)
      throws InvalidTokenException {
    Long job = number(claims, Claims.JOB);
    if (job == null) {
      return Bearer.ofPilot(person, stamp, expires);
    }
    long attempt = present(number(claims, Claims.ATTEMPT), Claims.ATTEMPT);
    return Bearer.ofPayload(
        person, stamp, new AttemptId(new JobId(job), Math.toIntExact(attempt)), expires);
  }

  private JWTClaimsSet verified(String token, Purpose purpose) throws InvalidTokenException {
    SignedJWT signed = parse(token);
    Verifying key = key(signed);
    require(key, purpose);
    return verified(signed, key);
  }

  private static SignedJWT parse(String token) throws InvalidTokenException {
    if (token.length() > MAX_LENGTH) {
      throw new InvalidTokenException("longer than any token of ours");
    }
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      throw new InvalidTokenException("not a signed token", e);
    }
  }

  /** The key that the header names; the key says the algorithm, the header must agree. */
  private Verifying key(SignedJWT signed) throws InvalidTokenException {
    JWSHeader header = signed.getHeader();
    Verifying key =
        keys.now()
            .verifying(header.getKeyID())
            .or(() -> keys.newest().verifying(header.getKeyID()))
            .orElseThrow(() -> new InvalidTokenException("signed by an unknown key"));
    if (!key.algorithm().equals(header.getAlgorithm())) {
      throw new InvalidTokenException("the algorithm is not the key's");
    }
    if (header.getType() != null && !JOSEObjectType.JWT.equals(header.getType())) {
      throw new InvalidTokenException("typ is not JWT");
    }
    return key;
  }

  private static JWTClaimsSet verified(SignedJWT signed, Verifying key)
      throws InvalidTokenException {
    try {
      if (!signed.verify(key.verifier())) {
        throw new InvalidTokenException("wrong signature");
      }
      return signed.getJWTClaimsSet();
    } catch (JOSEException | ParseException e) {
      throw new InvalidTokenException("not verifiable", e);
    }
  }

  private static void require(Verifying key, Purpose purpose) throws InvalidTokenException {
    if (!key.purposes().contains(purpose)) {
      throw new InvalidTokenException("signed by a key for other tokens");
    }
  }

  private static Person person(JWTClaimsSet claims) throws InvalidTokenException {
    try {
      List<String> properties = claims.getStringListClaim(Claims.PROPERTIES);
      return new Person(
          present(claims.getSubject(), "sub"),
          present(text(claims, Claims.USERNAME), Claims.USERNAME),
          present(text(claims, Claims.VO), Claims.VO),
          present(text(claims, Claims.GROUP), Claims.GROUP),
          Set.copyOf(present(properties, Claims.PROPERTIES)));
    } catch (ParseException e) {
      throw new InvalidTokenException("a claim has the wrong type", e);
    }
  }

  private static Instant expiry(JWTClaimsSet claims) throws InvalidTokenException {
    Date expires = present(claims.getExpirationTime(), "exp");
    return expires.toInstant();
  }

  private static @Nullable String text(JWTClaimsSet claims, String name)
      throws InvalidTokenException {
    try {
      return claims.getStringClaim(name);
    } catch (ParseException e) {
      throw new InvalidTokenException(name + " is no text", e);
    }
  }

  private static @Nullable Long number(JWTClaimsSet claims, String name)
      throws InvalidTokenException {
    try {
      return claims.getLongClaim(name);
    } catch (ParseException e) {
      throw new InvalidTokenException(name + " is no number", e);
    }
  }

  private static <T> T present(@Nullable T claim, String name) throws InvalidTokenException {
    if (claim == null) {
      throw new InvalidTokenException("no claim " + name);
    }
    return claim;
  }
}
