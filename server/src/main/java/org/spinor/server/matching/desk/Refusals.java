package org.spinor.server.matching.desk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;

/** Why an offer gets nothing, in words for the pilot's log. Looked up at most every few seconds. */
public final class Refusals {
  private static final int MOST_CLASSES = 2_000;
  private static final int MOST_REASONS = 3;

  private final MatchingIndex index;
  private final Cache<OfferTerms, String> reasons =
      Caffeine.newBuilder().maximumSize(2_000).expireAfterWrite(Duration.ofSeconds(10)).build();

  public Refusals(MatchingIndex index) {
    this.index = index;
  }

  String reason(OfferTerms offer) {
    return reasons.get(offer, this::work);
  }

  private String work(OfferTerms offer) {
    List<RequirementClass> waiting = index.waiting(MOST_CLASSES);
    if (waiting.isEmpty()) {
      return "no job waits";
    }
    Map<String, Integer> refused = new TreeMap<>();
    for (RequirementClass cls : waiting) {
      for (List<Clause<?>> clauses : List.of(Clause.LASTING, Clause.PASSING)) {
        for (Clause<?> clause : clauses) {
          if (!clause.accepts(cls, offer)) {
            refused.merge(clause.name(), 1, Integer::sum);
          }
        }
      }
    }
    List<String> most = new ArrayList<>();
    refused.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(MOST_REASONS)
        .forEach(entry -> most.add(entry.getKey() + " refuses " + entry.getValue()));
    return String.format(
        Locale.ROOT,
        "of %s%d kinds of waiting jobs none fits%s",
        waiting.size() == MOST_CLASSES ? "more than " : "",
        waiting.size(),
        most.isEmpty() ? "" : ": " + String.join(", ", most));
  }
}
