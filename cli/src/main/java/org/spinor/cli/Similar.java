package org.spinor.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the words that somebody who typed another one may have meant. */
final class Similar {
  private static final int MOST = 3;

  private Similar() {}

  /** The known words that are few typing errors away, or begin with the word; nearest first. */
  static List<String> to(String word, Collection<String> known) {
    int tolerated = word.length() < 4 ? 1 : word.length() < 8 ? 2 : 3;
    return known.stream()
        .filter(
            candidate ->
                distance(word, candidate) <= tolerated
                    || (word.length() > 1 && candidate.startsWith(word)))
        .sorted(Comparator.comparingInt((String candidate) -> distance(word, candidate)))
        .limit(MOST)
        .toList();
  }

  /** How many letters were left out, added, changed, or swapped with their neighbour. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
