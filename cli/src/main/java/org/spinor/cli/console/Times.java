package org.spinor.cli.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time and spans of it, as people write and read them. */
public final class Times {
  private static final Pattern SPAN = Pattern.compile("(\\d+)\\s*([smhdw])");
  private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Times() {}

  /**
   * Reads {@code 30s, 10m, 2h, 3d, 1w}.
   *
   * @throws IllegalArgumentException it is none of these
   */
  public static Duration span(String text) {
    Matcher matcher = SPAN.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no span of time; examples: 30s, 10m, 2h, 3d, 1w");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(7 * number);
    };
  }

  /**
   * Reads a span before now, a day, or a day and a time ({@code 2026-11-21T10:30}, in the given
   * zone unless it says its own).
   *
   * @throws IllegalArgumentException it is none of these
   */
  public static Instant since(String text, Instant now, ZoneId zone) {
    String bare = text.strip();
    if (SPAN.matcher(bare).matches()) {
      return now.minus(span(bare));
    }
    try {
      if (bare.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return LocalDate.parse(bare).atStartOfDay(zone).toInstant();
      }
      String iso = bare.replace(' ', 'T');
      return iso.endsWith("Z")
          ? Instant.parse(iso)
          : LocalDateTime.parse(iso).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time; examples: 2h, 3d, 2026-11-21, 2026-11-21T10:30", e);
    }
  }

  /** A time of the wire (UTC, ISO 8601) as people read it; other text stays. */
  public static String shown(String wire, ZoneId zone) {
    try {
      return SHOWN.format(Instant.parse(wire).atZone(zone));
    } catch (DateTimeException e) {
      return wire;
    }
  }

  /** A span for people: {@code 0.8 s, 12 s, 3 min 20 s, 2 h 5 min}. */
  public static String shown(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 10) {
      return String.format(java.util.Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
