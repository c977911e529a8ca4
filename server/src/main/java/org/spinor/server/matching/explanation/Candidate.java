package org.spinor.server.matching.explanation;

import java.util.List;
import org.spinor.api.Offer;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;

/**
 * Something that a job could run on: a known queue, or pilots of the last hour with equal offers.
 *
 * @param pilots how many; 0: it is a queue
 * @param remark why its site is banned, where it is
 */
record Candidate(Offer offer, OfferTerms terms, int pilots, String remark) {
  boolean isQueue() {
    return pilots == 0;
  }

  String label() {
    String place = String.join(" ", List.of(offer.site(), offer.ce(), offer.queue())).strip();
    String where = place.isEmpty() ? "an unnamed place" : place;
    if (isQueue()) {
      return where;
    }
    return pilots == 1 ? "1 pilot at " + where : pilots + " pilots at " + where;
  }

  boolean lastingly(RequirementClass cls) {
    return Clause.LASTING.stream().allMatch(clause -> clause.accepts(cls, terms));
  }
}
