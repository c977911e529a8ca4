package org.spinor.it.contract;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a route says of one name: in {@code json search[].parameter string} the place is {@code json
 * search[].parameter}.
 *
 * @param types of JSON, {@code any} or {@code empty} (no body)
 * @param optional it may be left out
 */
record Fact(Set<String> types, boolean optional) {
  Fact {
    types = Set.copyOf(types);
  }

  static Fact parse(String text) {
    boolean optional = text.endsWith("?");
    String types = optional ? text.substring(0, text.length() - 1) : text;
    return new Fact(Arrays.stream(types.split("\\|")).collect(Collectors.toSet()), optional);
  }

  /** Both say something of the same place: alternatives of one schema. */
  Fact or(Fact other) {
    return new Fact(
        Stream.concat(types.stream(), other.types.stream()).collect(Collectors.toSet()),
        optional || other.optional);
  }

  /** Whether somebody who was promised {@code promise} is content with this in a request. */
  boolean takesAllOf(Fact promise) {
    return (optional || !promise.optional) && covers(types, promise.types);
  }

  /** Whether somebody who was promised {@code promise} is content with this in an answer. */
  boolean givesOnly(Fact promise) {
    return (!optional || promise.optional) && covers(promise.types, types);
  }

  private static boolean covers(Set<String> wide, Set<String> narrow) {
    return wide.contains("any") || wide.containsAll(narrow);
  }

  @Override
  public String toString() {
    return String.join("|", new TreeSet<>(types)) + (optional ? "?" : "");
  }
}
