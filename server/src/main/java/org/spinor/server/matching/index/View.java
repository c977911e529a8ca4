package org.spinor.server.matching.index;

import java.util.Arrays;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.OfferTerms;

/**
 * The classes that a canonical offer may take. Computed once, extended with each new class, used by
 * all pilots whose offers come down to the same.
 */
final class View {
  private final OfferTerms offer;
  private long[] eligible;

  View(OfferTerms offer, Columns columns, ShareTree tree) {
    this.offer = offer;
    this.eligible = new long[Math.max(1, tree.words())];
    for (int word = 0; word < tree.words(); word++) {
      eligible[word] = tree.used(word);
    }
    columns.keepAccepted(offer, eligible);
  }

  /** At least as long as the tree has words. */
  long[] eligible(int words) {
    if (eligible.length < words) {
      eligible = Arrays.copyOf(eligible, words + words / 4);
    }
    return eligible;
  }

  void added(ShareTree.Slot slot) {
    if (Clause.allAccept(slot.line().cls(), offer)) {
      eligible((slot.number() >> 6) + 1)[slot.number() >> 6] |= 1L << (slot.number() & 63);
    }
  }

  int bytes() {
    return 8 * eligible.length;
  }
}
