package org.spinor.server.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.spinor.api.Offer;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitedAttribute;
import org.spinor.server.matching.rules.SiteState;
import org.spinor.server.matching.terms.OfferTerms;

/**
 * The match written a second time, slowly and from the words of the conditions, and random worlds
 * to compare on.
 */
public final class ObviousModel {
  private static final List<String> SITES = List.of("A", "B", "C", "D");
  private static final List<String> TAGS =
      List.of("x", "y", "2Processors", "4Processors", "MultiProcessor", "2GB", "GPU", "WholeNode");

  private final Random random;

  public ObviousModel(long seed) {
    this.random = new Random(seed);
  }

  public static boolean fits(Requirements job, OfferTerms terms, Offer offer) {
    if (!offer.vos().isEmpty() && !offer.vos().contains(job.vo())) {
      return false;
    }
    if (!offer.ownerGroups().isEmpty() && !offer.ownerGroups().contains(job.ownerGroup())) {
      return false;
    }
    boolean shared = terms.place().sharingGroups().contains(job.vo() + "/" + job.ownerGroup());
    if (!offer.owners().isEmpty() && !offer.owners().contains(job.owner()) && !shared) {
      return false;
    }
    if (job.cpuTime() > offer.cpuTime()
        || job.minCores() > offer.cores()
        || job.memoryMb() > offer.memoryMb()
        || job.gpus() > offer.gpus()) {
      return false;
    }
    if (job.wholeNode() && !offer.wholeNode()) {
      return false;
    }
    if (!offer.site().isEmpty()) {
      if (!job.sites().isEmpty() && !job.sites().contains(offer.site())) {
        return false;
      }
      if (job.bannedSites().contains(offer.site())) {
        return false;
      }
    }
    if (!offer.ce().isEmpty() && !job.ces().isEmpty() && !job.ces().contains(offer.ce())) {
      return false;
    }
    boolean anyPlatform = offer.platforms().isEmpty() || offer.platforms().contains("any");
    if (!anyPlatform
        && !job.platforms().isEmpty()
        && job.platforms().stream().noneMatch(offer.platforms()::contains)) {
      return false;
    }
    boolean anyType = offer.jobTypes().isEmpty() || offer.jobTypes().contains("ANY");
    if (!anyType && !offer.jobTypes().contains(job.jobType())) {
      return false;
    }
    if (offer.bannedJobTypes().contains(job.jobType())) {
      return false;
    }
    if (!terms.state().usable() && !job.jobType().equals("Test")) {
      return false;
    }
    return tagsFit(job, offer) && !heldBack(job, terms);
  }

  private static boolean tagsFit(Requirements job, Offer offer) {
    List<String> offered = new ArrayList<>(offer.tags());
    offered.addAll(offer.requiredTags());
    for (int n = 1; n <= Math.min(offer.cores(), 100); n++) {
      offered.add(n + "Processors");
    }
    if (offer.cores() > 1) {
      offered.add("MultiProcessor");
    }
    for (int n = 1; n <= offer.memoryMb() / 1000; n++) {
      offered.add(n + "GB");
    }
    if (offer.gpus() > 0) {
      offered.add("GPU");
    }
    if (offer.wholeNode()) {
      offered.add("WholeNode");
    }
    List<String> asked = new ArrayList<>(job.tags());
    if (!offered.contains("any") && !offered.containsAll(asked)) {
      return false;
    }
    if (job.minCores() > 1) {
      asked.add(job.minCores() + "Processors");
    }
    if (job.minCores() > 1 || job.maxCores() > 1 || job.wholeNode()) {
      asked.add("MultiProcessor");
    }
    if (job.wholeNode()) {
      asked.add("WholeNode");
    }
    if (job.memoryMb() > 0) {
      asked.add((long) Math.ceil(job.memoryMb() / 1000.0) + "GB");
    }
    if (job.gpus() > 0) {
      asked.add("GPU");
    }
    return asked.containsAll(offer.requiredTags());
  }

  private static boolean heldBack(Requirements job, OfferTerms terms) {
    List<LimitKey> keys = new ArrayList<>(terms.state().full());
    keys.addAll(terms.state().delayed());
    return keys.stream()
        .anyMatch(
            key ->
                key.vo().equals(job.vo())
                    && switch (key.attribute()) {
                      case JobType -> key.value().equals(job.jobType());
                      case JobGroup -> key.value().equals(job.jobGroup());
                      case Owner -> key.value().equals(job.owner());
                      case OwnerGroup -> key.value().equals(job.ownerGroup());
                      case Platform -> job.platforms().contains(key.value());
                      case Tag -> job.tags().contains(key.value());
                      case Site -> key.value().equals(key.site());
                    });
  }

  public Requirements requirements() {
    Asks asks =
        Asks.plain()
            .vo(one("vo", "vo", "other"))
            .owner(one("alice", "bob", "carol"))
            .group(one("user", "prod"))
            .cpuTime(one(360L, 3600L, 86_400L))
            .jobType(one("User", "User", "Test", "Merge"))
            .cores(one(1, 1, 2, 4), one(1, 4, 8))
            .memoryMb(one(0L, 0L, 1500L, 4000L))
            .gpus(one(0, 0, 0, 1));
    sometimes(() -> asks.sites(some(SITES)));
    sometimes(() -> asks.bannedSites(some(SITES)));
    sometimes(() -> asks.ces(one("ce1", "ce2")));
    sometimes(() -> asks.platforms(some(List.of("p1", "p2", "p3"))));
    sometimes(() -> asks.tags(some(TAGS)));
    if (random.nextInt(8) == 0) {
      asks.wholeNode();
    }
    return asks.build();
  }

  public Offer offer() {
    Offers offers =
        Offers.plain()
            .site(one("A", "B", "C", "Elsewhere", ""))
            .ce(one("ce1", "ce2", "ce9", ""))
            .cpuTime(one(100L, 3599L, 3600L, 50_000L, 1_000_000L))
            .cores(one(1, 2, 5, 8))
            .memoryMb(one(0L, 2000L, 3999L, 16_000L))
            .gpus(one(0, 0, 1));
    sometimes(() -> offers.vos("vo"));
    sometimes(() -> offers.vos());
    sometimes(() -> offers.owners(some(List.of("alice", "bob"))));
    sometimes(() -> offers.ownerGroups(one("user", "prod")));
    sometimes(() -> offers.platforms(some(List.of("p1", "p2", "p9", "any"))));
    sometimes(() -> offers.jobTypes(one("User", "Test", "ANY")));
    sometimes(() -> offers.bannedJobTypes(one("User", "Merge")));
    sometimes(() -> offers.tags(some(List.of("x", "y", "z", "GPU", "any"))));
    sometimes(() -> offers.requiredTags(one("x", "MultiProcessor", "GPU", "4Processors", "2GB")));
    if (random.nextBoolean()) {
      offers.wholeNode();
    }
    return offers.build();
  }

  public SiteState state(String site) {
    LimitKey key =
        new LimitKey(
            "vo",
            site,
            "",
            one(LimitedAttribute.values()),
            one("User", "alice", "prod", "p1", "x", site));
    return one(
        SiteState.OPEN,
        SiteState.OPEN,
        new SiteState(false, Set.of(), Set.of()),
        new SiteState(true, Set.of(key), Set.of()),
        new SiteState(true, Set.of(), Set.of(key)));
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  final <T> T one(T... values) {
    return values[random.nextInt(values.length)];
  }

  private String[] some(List<String> values) {
    List<String> some = new ArrayList<>();
    some.add(values.get(random.nextInt(values.size())));
    some.add(values.get(random.nextInt(values.size())));
    return some.stream().distinct().toArray(String[]::new);
  }

  private void sometimes(Runnable change) {
    if (random.nextInt(4) == 0) {
      change.run();
    }
  }
}
