package org.spinor.server.identity.tokens;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.server.WrongUseException;

/** A length of time as people write it in options: {@code 8h}, {@code 1d12h}, {@code 90s}. */
final class Lifetime {
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})([dhms])");
  private static final Duration LONGEST = Duration.ofDays(366);

  private Lifetime() {}

  static Duration parse(String option, String text) {
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.lookingAt()) {
      sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
      end = part.end();
      part.region(end, text.length());
    }
    if (end != text.length() || !sum.isPositive() || sum.compareTo(LONGEST) > 0) {
      throw new WrongUseException(
          "%s: expected a time up to 366d as 8h, 30m or 1d12h, got '%s'".formatted(option, text));
    }
    return sum;
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "d" -> Duration.ofDays(1);
      case "h" -> Duration.ofHours(1);
      case "m" -> Duration.ofMinutes(1);
      default -> Duration.ofSeconds(1);
    };
  }
}
