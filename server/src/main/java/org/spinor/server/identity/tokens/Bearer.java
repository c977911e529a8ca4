package org.spinor.server.identity.tokens;

import java.util.Optional;
import org.spinor.api.AttemptId;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.people.Roles;

/**
 * A token that has been verified, ready for the question of every request: who, until when, which
 * roles. The callers are made once, because thousands of requests bring the same token.
 *
 * @param expires seconds since 1970
 * @param roles bits of {@link Roles}
 * @param untrusted a pilot or a payload for whose machine nobody vouches: reaches nothing but its
 *     own
 */
public record Bearer(
    long expires, long roles, boolean untrusted, Caller own, Caller vo, Caller all) {

  static Bearer ofPerson(Person person, long expires) {
    return of(
        person, expires, Roles.ofPerson(person.properties()), Optional.empty(), Optional.empty());
  }

  static Bearer ofPilot(Person pilot, String stamp, long expires) {
    return of(pilot, expires, Roles.ofPilot(), Optional.of(stamp), Optional.empty());
  }

  static Bearer ofPayload(Person payload, String stamp, AttemptId attempt, long expires) {
    return of(payload, expires, Roles.ofPayload(), Optional.of(stamp), Optional.of(attempt));
  }

  private static Bearer of(
      Person person,
      long expires,
      long roles,
      Optional<String> stamp,
      Optional<AttemptId> attempt) {
    return new Bearer(
        expires,
        roles,
        false,
        caller(person, Reach.OWN, stamp, attempt),
        caller(person, Reach.VO, stamp, attempt),
        caller(person, Reach.ALL, stamp, attempt));
  }

  private static Caller caller(
      Person person, Reach reach, Optional<String> stamp, Optional<AttemptId> attempt) {
    return new Caller(
        person.subject(),
        person.username(),
        person.vo(),
        person.group(),
        person.properties(),
        reach,
        stamp,
        attempt);
  }

  Bearer whomNobodyVouchesFor() {
    return new Bearer(expires, roles, true, own, vo, all);
  }

  public Caller with(Reach reach) {
    return switch (reach) {
      case OWN -> own;
      case VO -> vo;
      case ALL -> all;
    };
  }
}
