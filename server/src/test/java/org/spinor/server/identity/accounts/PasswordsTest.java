package org.spinor.server.identity.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private final Passwords passwords = new Passwords();

  @Test
  void passwordIsKnownByItsHashAlone() {
    String hash = passwords.hash("correct horse battery");
    assertThat(hash).startsWith("$2a$10$").doesNotContain("horse");
    assertThat(passwords.hash("correct horse battery")).as("salted").isNotEqualTo(hash);
    assertThat(passwords.matches("correct horse battery", Optional.of(hash))).isTrue();
    assertThat(passwords.matches("correct horse batterz", Optional.of(hash))).isFalse();
  }

  @Test
  void nobodyHasNoPassword() {
    for (String tried : new String[] {"", "x", "correct horse battery", "y".repeat(100)}) {
      assertThat(passwords.matches(tried, Optional.empty())).isFalse();
    }
  }

  /** A hash that bcrypt could not read would be refused at once, and the time would tell. */
  @Test
  void unknownUserCostsAsMuchAsAKnownOne() {
    Optional<String> known = Optional.of(passwords.hash("correct horse battery"));
    long slow = fastest(known);
    long nobody = fastest(Optional.empty());
    assertThat((double) nobody / slow).isBetween(0.1, 10.0);
  }

  private long fastest(Optional<String> hash) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertThat(passwords.matches("wrong", hash)).isFalse();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  @Test
  void lengthsAreThoseThatBcryptLooksAt() {
    assertThat(Passwords.problem("123456789")).contains("a password has at least 10 characters");
    assertThat(Passwords.problem("1234567890")).isEmpty();
    assertThat(Passwords.problem("ä".repeat(36))).isEmpty();
    assertThat(Passwords.problem("ä".repeat(37))).contains("a password has at most 72 bytes");
    String hash = passwords.hash("ä".repeat(36));
    assertThat(passwords.matches("ä".repeat(36), Optional.of(hash))).isTrue();
    assertThat(passwords.matches("ä".repeat(36) + "more", Optional.of(hash))).isFalse();
  }

  @Test
  void randomPasswordsDiffer() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(Passwords.random());
    }
    assertThat(seen).hasSize(100).allMatch(password -> Passwords.problem(password).isEmpty());
  }
}
