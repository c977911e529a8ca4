package org.spinor.server.identity.accounts;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Component;

/** Passwords of local accounts: hashed by bcrypt, compared in the same time for everybody. */
@Component
final class Passwords {
  static final int MIN_LENGTH = 10;

  /** bcrypt looks at no more bytes than these. */
  static final int MAX_BYTES = 72;

  // without letters that look alike
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final int RANDOM_LENGTH = 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of a random password that was never kept: what a user who does not exist is compared with. */
  private static final String NOBODY =
      "$2a$10$iSr9..DUWzfAiVapYvorCeD00TLx9PPJQib2dAKlyka6Q0HOq4mbe";

  private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder();

  /** A password that nobody guesses and a person can still type. */
  static String random() {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      password.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return password.toString();
  }

  /** What is wrong with a password that somebody chose; empty: nothing. */
  static Optional<String> problem(String password) {
    if (password.length() < MIN_LENGTH) {
      return Optional.of("a password has at least " + MIN_LENGTH + " characters");
    }
    return tooLong(password)
        ? Optional.of("a password has at most " + MAX_BYTES + " bytes")
        : Optional.empty();
  }

  String hash(String password) {
    String hash = bcrypt.encode(password);
    if (hash == null) {
      throw new IllegalStateException("bcrypt gave no hash");
    }
    return hash;
  }

  /**
   * Whether the password is that of the hash. Without a hash, as for a user who does not exist, the
   * answer is no and takes as long.
   */
  boolean matches(String password, Optional<String> hash) {
    String tried = tooLong(password) ? "" : password;
    boolean same = bcrypt.matches(tried, hash.orElse(NOBODY));
    return same && hash.isPresent() && !tried.isEmpty();
  }

  private static boolean tooLong(String password) {
    return password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES;
  }
}
