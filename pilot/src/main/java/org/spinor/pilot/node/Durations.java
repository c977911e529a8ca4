package org.spinor.pilot.node;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as batch systems print them. */
final class Durations {
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d+)[-:](?=\\d+:\\d+:\\d+))?(?:(\\d+):)?(\\d+):(\\d+)(?:\\.\\d+)?");
  private static final Pattern SECONDS = Pattern.compile("(\\d+)(?:\\.\\d+)?");

  private Durations() {}

  /**
   * Reads {@code d-hh:mm:ss}, {@code d:hh:mm:ss}, {@code hh:mm:ss}, {@code mm:ss} or a number of
   * seconds; empty for words such as UNLIMITED.
   */
  static Optional<Duration> parse(String text) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(seconds.group(1))));
    }
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofDays(number(clock.group(1)))
            .plusHours(number(clock.group(2)))
            .plusMinutes(number(clock.group(3)))
            .plusSeconds(number(clock.group(4))));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
