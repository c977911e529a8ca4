package org.spinor.server.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

/** Times as they cross the wire: UTC, microseconds, the fraction left out where it is zero. */
public final class Timestamps {
  private static final DateTimeFormatter WHOLE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter READING =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter();

  private Timestamps() {}

  /** As {@code 2026-11-21T02:40:49.574111Z}. */
  public static String format(Instant time) {
    Instant micros = time.truncatedTo(ChronoUnit.MICROS);
    return (micros.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? WHOLE : MICROS).format(micros);
  }

  /**
   * Reads what clients write: a blank or a T between date and time, any offset or none (then UTC).
   *
   * @throws DateTimeException it is no time
   */
  public static Instant parse(String text) {
    String iso =
        text.length() > 10 && text.charAt(10) == ' '
            ? text.substring(0, 10) + "T" + text.substring(11)
            : text;
    return switch (READING.parseBest(iso, OffsetDateTime::from, LocalDateTime::from)) {
      case OffsetDateTime time -> time.toInstant();
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
      default -> throw new DateTimeException("no time: " + text);
    };
  }
}
