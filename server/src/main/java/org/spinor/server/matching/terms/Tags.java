package org.spinor.server.matching.terms;

import java.util.Collection;
import java.util.OptionalLong;
import org.spinor.server.jobs.Requirements;

/**
 * Tags that are numbers in disguise. Users write {@code 8Processors} or {@code 4GB} as they did
 * before there were attributes for it; a place offers them without saying so.
 */
public final class Tags {
  static final String PROCESSORS = "Processors";
  static final String GIGABYTES = "GB";
  static final String MULTI_PROCESSOR = "MultiProcessor";
  static final String WHOLE_NODE = "WholeNode";
  static final String GPU = "GPU";

  /** A place that requires it is one that nobody vouches for: only a job's own mark gives it. */
  public static final String VOLUNTEERS = Requirements.VOLUNTEERS;

  private static final String ANY = "any";

  private Tags() {}

  /** Whether a list says "any", which turns its test off. */
  static boolean saysAny(Collection<String> values) {
    for (String value : values) {
      if (ANY.equalsIgnoreCase(value)) {
        return true;
      }
    }
    return false;
  }

  /** Cores that a tag like {@code 8Processors} asks for. */
  static OptionalLong cores(String tag) {
    return tag.equals(MULTI_PROCESSOR) ? OptionalLong.of(2) : number(tag, PROCESSORS);
  }

  /** Memory that a tag like {@code 4GB} asks for, MB. */
  static OptionalLong memoryMb(String tag) {
    OptionalLong gigabytes = number(tag, GIGABYTES);
    return gigabytes.isPresent() ? OptionalLong.of(1000 * gigabytes.getAsLong()) : gigabytes;
  }

  private static OptionalLong number(String tag, String unit) {
    int digits = tag.length() - unit.length();
    if (digits < 1 || digits > 9 || !tag.endsWith(unit)) {
      return OptionalLong.empty();
    }
    for (int i = 0; i < digits; i++) {
      if (tag.charAt(i) < '0' || tag.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(Long.parseLong(tag, 0, digits, 10));
  }
}
