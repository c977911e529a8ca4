package org.spinor.server.database;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of time written by how much of it is written: {@code 2026} is a year, {@code 2026-01-02
 * 10:30} a minute, with seconds a second; a fraction of a second is dropped.
 *
 * @param from included
 * @param until not included
 * @param unit how long it is
 */
record TimePeriod(OffsetDateTime from, OffsetDateTime until, ChronoUnit unit) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d)(?:[ T](\\d\\d)(?::(\\d\\d)(?::(\\d\\d)(?:\\.\\d{1,9})?)?)?)?)?)?(Z|[+-]\\d\\d:?\\d\\d)?");
  private static final ChronoUnit[] UNITS = {
    ChronoUnit.YEARS,
    ChronoUnit.MONTHS,
    ChronoUnit.DAYS,
    ChronoUnit.HOURS,
    ChronoUnit.MINUTES,
    ChronoUnit.SECONDS
  };

  static Optional<TimePeriod> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    int[] parts = {0, 1, 1, 0, 0, 0};
    int given = 0;
    while (given < 6 && form.group(given + 1) != null) {
      parts[given] = Integer.parseInt(form.group(given + 1));
      given++;
    }
    ChronoUnit unit = UNITS[given - 1];
    try {
      ZoneOffset zone = form.group(7) == null ? ZoneOffset.UTC : ZoneOffset.of(form.group(7));
      OffsetDateTime from =
          LocalDateTime.of(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
              .atOffset(zone);
      return Optional.of(new TimePeriod(from, from.plus(1, unit), unit));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
