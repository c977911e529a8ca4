package org.spinor.server.matching.terms;

import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.spinor.server.jobs.Requirements;

/**
 * The values that classes distinguish. Offers that differ in others are the same to all of them:
 * {@link #canonical} makes such offers equal, so that the thousand pilots of a queue, each with
 * another time left, share one computed answer.
 *
 * <p>An answer stays right when values are added: it was computed for the canonical offer, which is
 * an offer like any other, and only whoever asks later may be given a finer one.
 */
public final class Vocabulary {
  private static final String OTHER = "\0other";

  private final Set<String> sites = new HashSet<>();
  private final Set<String> ces = new HashSet<>();
  private final Set<String> platforms = new HashSet<>();
  private final Set<String> tags = new HashSet<>();
  private final NavigableSet<Long> cpuTimes = new TreeSet<>();
  private final NavigableSet<Integer> cores = new TreeSet<>();
  private final NavigableSet<Long> memories = new TreeSet<>();
  private final NavigableSet<Integer> gpus = new TreeSet<>();

  public void add(Requirements asks) {
    sites.addAll(asks.sites());
    sites.addAll(asks.bannedSites());
    ces.addAll(asks.ces());
    platforms.addAll(asks.platforms());
    cpuTimes.add(asks.cpuTime());
    cores.add(asks.minCores());
    memories.add(asks.memoryMb());
    gpus.add(asks.gpus());
    for (String tag : asks.tags()) {
      if (tags.add(tag)) {
        Tags.cores(tag).ifPresent(number -> cores.add(Math.toIntExact(number)));
        Tags.memoryMb(tag).ifPresent(memories::add);
        if (tag.equals(Tags.GPU)) {
          gpus.add(1);
        }
      }
    }
  }

  public OfferTerms canonical(OfferTerms offer) {
    OfferTerms.Place place = offer.place();
    OfferTerms.Room room = offer.room();
    return new OfferTerms(
        new OfferTerms.Place(
            known(sites, place.site()),
            known(ces, place.ce()),
            place.vos(),
            place.ownerGroups(),
            place.owners(),
            place.sharingGroups(),
            known(platforms, place.platforms()),
            place.jobTypes(),
            place.bannedJobTypes(),
            knownTags(place.tags()),
            place.requiredTags()),
        new OfferTerms.Room(
            floor(cpuTimes, room.cpuTime(), -1L),
            floor(cores, room.cores(), -1),
            room.wholeNode(),
            floor(memories, room.memoryMb(), -1L),
            floor(gpus, room.gpus(), -1)),
        offer.state());
  }

  private static <T> T floor(NavigableSet<T> thresholds, T value, T belowAll) {
    T floor = thresholds.floor(value);
    return floor == null ? belowAll : floor;
  }

  private static String known(Set<String> vocabulary, String value) {
    return value.isEmpty() || vocabulary.contains(value) ? value : OTHER;
  }

  private static Set<String> known(Set<String> vocabulary, Set<String> values) {
    if (values.isEmpty() || vocabulary.containsAll(values)) {
      return values;
    }
    Set<String> known = new HashSet<>(values);
    known.retainAll(vocabulary);
    return known.isEmpty() ? Set.of(OTHER) : Set.copyOf(known);
  }

  private Set<String> knownTags(Set<String> offered) {
    if (Tags.saysAny(offered)) {
      return Set.of("any");
    }
    if (tags.containsAll(offered)) {
      return offered;
    }
    Set<String> known = new HashSet<>(offered);
    known.retainAll(tags);
    return Set.copyOf(known);
  }
}
