package org.spinor.server.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random texts that open something for a while, and the form in which tables keep them. */
public final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  /** No vowels, so that no words come out; nothing that looks like something else (RFC 8628). */
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

  private static final int USER_CODE = 8;

  private Secrets() {}

  /** 43 characters that may stand in an address. */
  public static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Eight letters that a person can type. */
  public static String userCode() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < USER_CODE; i++) {
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  public static String hash(String secret) {
    return hash(secret.getBytes(StandardCharsets.UTF_8));
  }

  public static String hash(byte[] secret) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java without SHA-256", e);
    }
  }

  /** In a time that says nothing of where they differ. */
  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
