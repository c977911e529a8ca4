package org.spinor.server.matching.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;

/**
 * The classes seen by their conditions: for each clause, the distinct keys and which class has
 * which. The classes that an offer may take are found by asking each clause once for each distinct
 * key (a few hundred questions) instead of once for each class (fifty thousand).
 */
final class Columns {
  private final List<Column<?>> columns = new ArrayList<>();
  private RequirementClass[] classes = new RequirementClass[64];

  Columns() {
    Clause.LASTING.forEach(clause -> columns.add(new Column<>(clause)));
  }

  void set(int slot, RequirementClass cls) {
    if (slot >= classes.length) {
      classes = Arrays.copyOf(classes, Math.max(slot + 64, classes.length * 2));
    }
    classes[slot] = cls;
    columns.forEach(column -> column.set(slot, cls));
  }

  /** Takes out of the set all classes that the offer refuses. */
  void keepAccepted(OfferTerms offer, long[] set) {
    for (Column<?> column : columns) {
      column.keepAccepted(offer, set);
    }
    for (Clause<?> clause : Clause.PASSING) {
      if (clause.concerns().test(offer)) {
        keepAccepted(clause, offer, set);
      }
    }
  }

  private void keepAccepted(Clause<?> clause, OfferTerms offer, long[] set) {
    for (int word = 0; word < set.length; word++) {
      for (long rest = set[word]; rest != 0; rest &= rest - 1) {
        int slot = (word << 6) + Long.numberOfTrailingZeros(rest);
        if (!clause.accepts(classes[slot], offer)) {
          set[word] &= ~(rest & -rest);
        }
      }
    }
  }

  private static final class Column<K> {
    private final Clause<K> clause;
    private final Map<K, Integer> numbers = new HashMap<>();
    private final List<K> keys = new ArrayList<>();
    private int[] keyOf = new int[64];

    Column(Clause<K> clause) {
      this.clause = clause;
    }

    void set(int slot, RequirementClass cls) {
      if (slot >= keyOf.length) {
        keyOf = Arrays.copyOf(keyOf, Math.max(slot + 64, keyOf.length * 2));
      }
      K key = clause.key().apply(cls);
      Integer number = numbers.get(key);
      if (number == null) {
        number = keys.size();
        numbers.put(key, number);
        keys.add(key);
      }
      keyOf[slot] = number;
    }

    void keepAccepted(OfferTerms offer, long[] set) {
      if (!clause.concerns().test(offer)) {
        return;
      }
      boolean[] accepted = new boolean[keys.size()];
      boolean all = true;
      for (int i = 0; i < accepted.length; i++) {
        accepted[i] = clause.acceptsKey(keys.get(i), offer);
        all &= accepted[i];
      }
      if (all) {
        return;
      }
      for (int word = 0; word < set.length; word++) {
        for (long rest = set[word]; rest != 0; rest &= rest - 1) {
          if (!accepted[keyOf[(word << 6) + Long.numberOfTrailingZeros(rest)]]) {
            set[word] &= ~(rest & -rest);
          }
        }
      }
    }
  }
}
