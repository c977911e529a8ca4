package org.spinor.server.matching.terms;

import java.util.List;
import java.util.Set;
import org.spinor.api.Offer;
import org.spinor.server.matching.rules.SiteState;

/** What the clauses look at: an offer, and what the server knows of its place at this moment. */
public record OfferTerms(Place place, Room room, SiteState state) {

  /**
   * Where it is and what it takes: the part that is equal for all pilots of a queue.
   *
   * @param vos empty: any; likewise the other sets but the tags and those that ban
   * @param sharingGroups groups (as {@code vo/group}) whose jobs are one pot; only where the offer
   *     names owners
   */
  public record Place(
      String site,
      String ce,
      Set<String> vos,
      Set<String> ownerGroups,
      Set<String> owners,
      Set<String> sharingGroups,
      Set<String> platforms,
      Set<String> jobTypes,
      Set<String> bannedJobTypes,
      Set<String> tags,
      Set<String> requiredTags) {}

  /** What jobs take up. */
  public record Room(long cpuTime, int cores, boolean wholeNode, long memoryMb, int gpus) {

    /** What is left beside a job. */
    public Room without(int usedCores, long usedMemoryMb, int usedGpus) {
      return new Room(cpuTime, cores - usedCores, false, memoryMb - usedMemoryMb, gpus - usedGpus);
    }
  }

  public static OfferTerms of(Offer offer, SiteState state, Set<String> sharingGroups) {
    Place place =
        new Place(
            offer.site(),
            offer.ce(),
            unlessAny(offer.vos()),
            unlessAny(offer.ownerGroups()),
            unlessAny(offer.owners()),
            offer.owners().isEmpty() ? Set.of() : sharingGroups,
            unlessAny(offer.platforms()),
            unlessAny(offer.jobTypes()),
            Set.copyOf(offer.bannedJobTypes()),
            Set.copyOf(offer.tags()),
            Set.copyOf(offer.requiredTags()));
    Room room =
        new Room(offer.cpuTime(), offer.cores(), offer.wholeNode(), offer.memoryMb(), offer.gpus());
    return new OfferTerms(place, room, state);
  }

  private static Set<String> unlessAny(List<String> values) {
    return Tags.saysAny(values) ? Set.of() : Set.copyOf(values);
  }

  public OfferTerms with(Room other) {
    return new OfferTerms(place, other, state);
  }

  public OfferTerms with(SiteState other) {
    return new OfferTerms(place, room, other);
  }

  /** Whether the place has a tag: said, required from jobs, or following from what it is. */
  public boolean hasTag(String tag) {
    if (place.tags.contains(tag) || place.requiredTags.contains(tag)) {
      return true;
    }
    return switch (tag) {
      case Tags.WHOLE_NODE -> room.wholeNode;
      case Tags.GPU -> room.gpus > 0;
      default ->
          Tags.cores(tag).orElse(Long.MAX_VALUE) <= room.cores
              || Tags.memoryMb(tag).orElse(Long.MAX_VALUE) <= room.memoryMb;
    };
  }
}
