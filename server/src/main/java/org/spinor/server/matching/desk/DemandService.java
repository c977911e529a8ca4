package org.spinor.server.matching.desk;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.matching.Demand;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.usage.SiteStates;

/** Demand, out of the same index that matches. */
public final class DemandService implements Demand {
  private final MatchingIndex index;
  private final SiteStates states;
  private final KnownNodes nodes;
  private final Configurations configurations;

  public DemandService(
      MatchingIndex index, SiteStates states, KnownNodes nodes, Configurations configurations) {
    this.nodes = nodes;
    this.index = index;
    this.states = states;
    this.configurations = configurations;
  }

  /** Jobs of one class and where they could run. */
  private static final class Places {
    final BitSet offers = new BitSet();
    long jobs;
    long cores;
  }

  @Override
  public List<Group> servable(List<Offer> offers) {
    Set<String> sharing = MatchService.sharingGroups(configurations.current());
    Map<OfferTerms, BitSet> positions = new LinkedHashMap<>();
    for (int i = 0; i < offers.size(); i++) {
      Offer offer = nodes.known(offers.get(i));
      OfferTerms terms = OfferTerms.of(offer, states.of(offer.site(), offer.ce()), sharing);
      positions.computeIfAbsent(index.canonical(terms), key -> new BitSet()).set(i);
    }
    Map<Integer, Places> classes = new HashMap<>();
    positions.forEach(
        (terms, at) ->
            index.fitting(
                terms,
                line -> {
                  Places places =
                      classes.computeIfAbsent(line.cls().number(), number -> new Places());
                  places.offers.or(at);
                  places.jobs = line.jobs();
                  places.cores = line.jobs() * line.cls().asks().minCores();
                }));
    Map<BitSet, long[]> groups = new LinkedHashMap<>();
    for (Places places : classes.values()) {
      if (places.jobs > 0) {
        long[] sums = groups.computeIfAbsent(places.offers, key -> new long[2]);
        sums[0] += places.jobs;
        sums[1] += places.cores;
      }
    }
    List<Group> result = new ArrayList<>();
    groups.forEach((at, sums) -> result.add(new Group(at, sums[0], sums[1])));
    return result;
  }
}
