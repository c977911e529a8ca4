package org.spinor.server.jobs.submission;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.spinor.jdl.Ad;

/** Reads attributes of one ad and notes what does not fit. */
final class AttributeReader {
  private final Ad ad;
  private final JdlProblems problems;

  AttributeReader(Ad ad, JdlProblems problems) {
    this.ad = ad;
    this.problems = problems;
  }

  /** A text of at most so many characters; the fallback where it is absent, empty or wrong. */
  String text(String attribute, int maxLength, String fallback) {
    Optional<String> given = problems.readOptional(() -> ad.string(attribute));
    String text = given.filter(value -> !value.isBlank()).orElse(fallback);
    if (text.length() > maxLength) {
      problems.add(
          attribute, "has %d characters; allowed: at most %d".formatted(text.length(), maxLength));
      return fallback;
    }
    return text;
  }

  Optional<String> text(String attribute) {
    return problems.readOptional(() -> ad.string(attribute));
  }

  /** A whole number between two limits; the fallback where it is absent or wrong. */
  long number(String attribute, long least, long most, long fallback) {
    OptionalLong given = problems.read(() -> ad.integer(attribute), OptionalLong.empty());
    if (given.isEmpty()) {
      return fallback;
    }
    long number = given.getAsLong();
    if (number < least || number > most) {
      problems.add(attribute, "%d; allowed: %d to %d".formatted(number, least, most));
      return fallback;
    }
    return number;
  }

  boolean has(String attribute) {
    return ad.contains(attribute);
  }

  boolean flag(String attribute) {
    return problems.readOptional(() -> ad.bool(attribute)).orElse(false);
  }

  List<String> list(String attribute) {
    return problems.read(() -> ad.strings(attribute), List.of());
  }

  /** A list, or one text with commas; {@code ANY} is no wish. */
  List<String> wishes(String attribute) {
    return problems.read(() -> ad.commaSeparated(attribute), List.<String>of()).stream()
        .map(String::strip)
        .filter(wish -> !wish.isEmpty() && !wish.equalsIgnoreCase("ANY"))
        .distinct()
        .toList();
  }

  void wrong(String attribute, String text) {
    problems.add(attribute, text);
  }
}
