package org.spinor.server.web;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
public final class DidYouMean {
  private DidYouMean() {}

  /** {@code ; did you mean X?} or nothing. */
  public static String hint(String written, Collection<String> known) {
    return closest(written, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** The known name nearest to what was written, where one is near enough to be a slip. */
  public static Optional<String> closest(String written, Collection<String> known) {
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < bestDistance || (distance == bestDistance && name.compareTo(best) < 0)) {
        best = name;
        bestDistance = distance;
      }
    }
    int allowed = Math.max(1, Math.min(best.length(), written.length()) / 3);
    return bestDistance <= allowed ? Optional.of(best) : Optional.empty();
  }

  /**
   * The known name that is the same but for one letter or the case: a slip, even where any name
   * would do.
   */
  public static Optional<String> slip(String written, Collection<String> known) {
    return known.stream()
        .filter(
            name ->
                name.equalsIgnoreCase(written)
                    || (name.length() > 3
                        && distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))
                            == 1))
        .findFirst();
  }

  /** Insertions, deletions, replacements and swaps of neighbours, each counted once. */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(previous[j] + 1, Math.min(current[j - 1] + 1, previous[j - 1] + cost));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, before[j - 2] + 1);
        }
        current[j] = least;
      }
      int[] recycled = before;
      before = previous;
      previous = current;
      current = recycled;
    }
    return previous[b.length()];
  }
}
