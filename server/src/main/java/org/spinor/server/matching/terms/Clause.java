package org.spinor.server.matching.terms;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.rules.LimitKey;

/**
 * One condition of the match: the only place where it is written. The index asks it once for each
 * distinct key, the explanation once for each offer, so that both always agree.
 *
 * @param name stable, as in the explanation
 * @param key the part of the requirements that the condition looks at
 * @param concerns false: no class is refused by such an offer
 * @param rule whether the offer takes a class with that key
 */
public record Clause<K>(
    String name,
    Function<RequirementClass, K> key,
    Predicate<OfferTerms> concerns,
    BiPredicate<K, OfferTerms> rule) {
  static final String TEST_JOBS = "Test";

  /** Owner and group of jobs. */
  record Identity(String vo, String owner, String group) {}

  /** Tags and sites are sets of names; order does not matter to a condition. */
  static final Clause<String> VO =
      new Clause<>(
          "vo",
          cls -> cls.asks().vo(),
          offer -> !offer.place().vos().isEmpty(),
          (vo, offer) -> offer.place().vos().contains(vo));

  static final Clause<Identity> OWNER =
      new Clause<>(
          "owner",
          cls -> new Identity(cls.asks().vo(), cls.asks().owner(), cls.asks().ownerGroup()),
          offer -> !offer.place().owners().isEmpty() || !offer.place().ownerGroups().isEmpty(),
          Clause::mayServe);

  static final Clause<Long> CPU_TIME =
      new Clause<>(
          "cpu_time",
          cls -> cls.asks().cpuTime(),
          offer -> true,
          (cpuTime, offer) -> cpuTime <= offer.room().cpuTime());

  static final Clause<Set<String>> SITE =
      new Clause<>(
          "site",
          cls -> cls.asks().sites(),
          offer -> !offer.place().site().isEmpty(),
          (sites, offer) -> sites.isEmpty() || sites.contains(offer.place().site()));

  static final Clause<Set<String>> BANNED_SITE =
      new Clause<>(
          "banned_site",
          cls -> cls.asks().bannedSites(),
          offer -> !offer.place().site().isEmpty(),
          (banned, offer) -> !banned.contains(offer.place().site()));

  static final Clause<Set<String>> CE =
      new Clause<>(
          "ce",
          cls -> cls.asks().ces(),
          offer -> !offer.place().ce().isEmpty(),
          (ces, offer) -> ces.isEmpty() || ces.contains(offer.place().ce()));

  static final Clause<Set<String>> PLATFORM =
      new Clause<>(
          "platform",
          cls -> cls.asks().platforms(),
          offer -> !offer.place().platforms().isEmpty(),
          (wanted, offer) ->
              wanted.isEmpty() || !Collections.disjoint(wanted, offer.place().platforms()));

  static final Clause<String> JOB_TYPE =
      new Clause<>(
          "job_type",
          cls -> cls.asks().jobType(),
          offer -> !offer.place().jobTypes().isEmpty() || !offer.place().bannedJobTypes().isEmpty(),
          (type, offer) ->
              (offer.place().jobTypes().isEmpty() || offer.place().jobTypes().contains(type))
                  && !offer.place().bannedJobTypes().contains(type));

  static final Clause<Integer> CORES =
      new Clause<>(
          "cores",
          cls -> cls.asks().minCores(),
          offer -> true,
          (cores, offer) -> cores <= offer.room().cores());

  static final Clause<Boolean> WHOLE_NODE =
      new Clause<>(
          "whole_node",
          cls -> cls.asks().wholeNode(),
          offer -> !offer.room().wholeNode(),
          (wholeNode, offer) -> !wholeNode);

  static final Clause<Long> MEMORY =
      new Clause<>(
          "memory",
          cls -> cls.asks().memoryMb(),
          offer -> true,
          (memoryMb, offer) -> memoryMb <= offer.room().memoryMb());

  static final Clause<Integer> GPUS =
      new Clause<>(
          "gpus",
          cls -> cls.asks().gpus(),
          offer -> true,
          (gpus, offer) -> gpus <= offer.room().gpus());

  static final Clause<Set<String>> TAGS =
      new Clause<>(
          "tags",
          cls -> cls.asks().tags(),
          offer -> !Tags.saysAny(offer.place().tags()),
          (tags, offer) -> tags.stream().allMatch(offer::hasTag));

  static final Clause<Set<String>> REQUIRED_TAGS =
      new Clause<>(
          "required_tags",
          RequirementClass::allTags,
          offer -> !offer.place().requiredTags().isEmpty(),
          (tags, offer) ->
              offer.place().requiredTags().stream()
                  .allMatch(tag -> tag.equals(Tags.VOLUNTEERS) || tags.contains(tag)));

  /** Who nobody vouches for gets only what its owner gave away for that. */
  static final Clause<Boolean> VOLUNTEERS =
      new Clause<>(
          "volunteers",
          cls -> cls.asks().volunteers(),
          offer -> offer.place().requiredTags().contains(Tags.VOLUNTEERS),
          (volunteers, offer) -> volunteers);

  public static final Clause<String> SITE_STATUS =
      new Clause<>(
          "site_status",
          cls -> cls.asks().jobType(),
          offer -> !offer.state().usable(),
          (type, offer) -> type.equals(TEST_JOBS));

  public static final Clause<Requirements> RUNNING_LIMIT =
      new Clause<>(
          "running_limit",
          RequirementClass::asks,
          offer -> !offer.state().full().isEmpty(),
          (asks, offer) -> none(offer.state().full(), asks));

  public static final Clause<Requirements> MATCHING_DELAY =
      new Clause<>(
          "matching_delay",
          RequirementClass::asks,
          offer -> !offer.state().delayed().isEmpty(),
          (asks, offer) -> none(offer.state().delayed(), asks));

  /** What a place is; does not change while it stands. */
  public static final List<Clause<?>> LASTING =
      List.of(
          VO,
          OWNER,
          CPU_TIME,
          SITE,
          BANNED_SITE,
          CE,
          PLATFORM,
          JOB_TYPE,
          CORES,
          WHOLE_NODE,
          MEMORY,
          GPUS,
          TAGS,
          REQUIRED_TAGS,
          VOLUNTEERS);

  /** What holds at this moment. */
  public static final List<Clause<?>> PASSING = List.of(SITE_STATUS, RUNNING_LIMIT, MATCHING_DELAY);

  public boolean accepts(RequirementClass cls, OfferTerms offer) {
    return acceptsKey(key.apply(cls), offer);
  }

  public boolean acceptsKey(K wanted, OfferTerms offer) {
    return !concerns.test(offer) || rule.test(wanted, offer);
  }

  /** Whether the offer takes jobs of this class. */
  public static boolean allAccept(RequirementClass cls, OfferTerms offer) {
    return LASTING.stream().allMatch(clause -> clause.accepts(cls, offer))
        && PASSING.stream().allMatch(clause -> clause.accepts(cls, offer));
  }

  /** Owner and group have to fit; a member of a sharing group serves all of it. */
  private static boolean mayServe(Identity who, OfferTerms offer) {
    OfferTerms.Place place = offer.place();
    if (!place.ownerGroups().isEmpty() && !place.ownerGroups().contains(who.group())) {
      return false;
    }
    return place.owners().isEmpty()
        || place.owners().contains(who.owner())
        || place.sharingGroups().contains(who.vo() + "/" + who.group());
  }

  private static boolean none(Set<LimitKey> keys, Requirements asks) {
    for (LimitKey key : keys) {
      if (key.concerns(asks)) {
        return false;
      }
    }
    return true;
  }
}
