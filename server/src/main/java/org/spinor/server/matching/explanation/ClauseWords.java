package org.spinor.server.matching.explanation;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.spinor.api.Offer;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.usage.SiteStates;

/** Each condition in words, with the numbers on both sides, and what to do about it. */
final class ClauseWords {
  private static final int MOST_NAMES = 6;

  private final Requirements asks;
  private final List<Candidate> candidates;
  private final SiteStates states;

  ClauseWords(Findings findings, SiteStates states) {
    this.asks = findings.cls().asks();
    this.candidates = findings.candidates();
    this.states = states;
  }

  /** Whether a condition says anything about this job. */
  boolean concerns(Findings.Refusal refusal) {
    return refusal.tally().refusesAny()
        || switch (refusal.clause().name()) {
          case "cpu_time", "cores" -> true;
          case "memory" -> asks.memoryMb() > 0;
          case "gpus" -> asks.gpus() > 0;
          case "site" -> !asks.sites().isEmpty();
          case "banned_site" -> !asks.bannedSites().isEmpty();
          case "ce" -> !asks.ces().isEmpty();
          case "platform" -> !asks.platforms().isEmpty();
          case "tags" -> !asks.tags().isEmpty();
          case "whole_node" -> asks.wholeNode();
          case "volunteers" -> asks.volunteers();
          default -> false;
        };
  }

  String text(Findings.Refusal refusal) {
    return switch (refusal.clause().name()) {
      case "vo" -> "is of VO " + asks.vo() + "; others take only jobs of their own VOs";
      case "owner" ->
          "belongs to %s of group %s; some pilots serve others only"
              .formatted(asks.owner(), asks.ownerGroup());
      case "cpu_time" ->
          "needs %d s of normalised CPU time; %s"
              .formatted(asks.cpuTime(), most(" s", Offer::cpuTime, Long.MAX_VALUE));
      case "site" ->
          "may run only at %s; there is: %s".formatted(names(asks.sites()), all(Offer::site));
      case "banned_site" -> "may not run at " + names(asks.bannedSites());
      case "ce" -> "may run only on %s; there is: %s".formatted(names(asks.ces()), all(Offer::ce));
      case "platform" ->
          "needs one of the platforms %s; offered: %s"
              .formatted(names(asks.platforms()), lists(Offer::platforms));
      case "job_type" ->
          "is of type %s; others take only %s, or not %s"
              .formatted(asks.jobType(), lists(Offer::jobTypes), lists(Offer::bannedJobTypes));
      case "cores" ->
          "asks for %s; %s".formatted(cores(), most("", Offer::cores, Integer.MAX_VALUE));
      case "whole_node" -> "wants a whole node; others have a part of one free";
      case "memory" ->
          asks.memoryMb() == 0
              ? "asks for no memory in particular"
              : "asks for %d MB of memory; %s"
                  .formatted(asks.memoryMb(), most(" MB", Offer::memoryMb, Long.MAX_VALUE));
      case "gpus" ->
          "asks for %s; %s"
              .formatted(plural(asks.gpus(), "GPU"), most("", Offer::gpus, Long.MAX_VALUE));
      case "tags" -> tags(refusal);
      case "required_tags" ->
          "has no tags that some require: " + lists(refusal.refusing(), Offer::requiredTags);
      case "volunteers" ->
          asks.volunteers()
              ? "is marked for volunteers"
              : "is not marked for volunteers; %s only jobs marked for volunteers"
                  .formatted(
                      refusal.tally().queuesRefused() + refusal.tally().pilotsRefused() == 1
                          ? "1 takes"
                          : "some take");
      case "site_status" -> banned(refusal);
      case "running_limit" -> "limit of running jobs reached: " + full(refusal);
      case "matching_delay" -> "has to wait between two starts: " + delayed(refusal);
      default -> refusal.clause().name();
    };
  }

  private String cores() {
    if (asks.wholeNode()) {
      return "a whole node of at least " + plural(asks.minCores(), "core");
    }
    return asks.minCores() == asks.maxCores() || asks.minCores() > 1
        ? plural(asks.minCores(), "core")
        : "1 core or more";
  }

  /** What to change, where one condition alone refuses everything. */
  String advice(Findings.Refusal refusal) {
    return switch (refusal.clause().name()) {
      case "cpu_time" -> "lower CPUTime, or split the job";
      case "site" -> "allow other sites (Site), or leave Site out";
      case "banned_site" -> "ban fewer sites (BannedSites)";
      case "ce" -> "allow other computing elements (GridCE)";
      case "platform" -> "allow other platforms (Platform)";
      case "cores" -> "lower NumberOfProcessors, or ask your VO's operators for larger slots";
      case "whole_node" -> "leave out WholeNode, or ask your VO's operators for whole nodes";
      case "memory" -> "lower Memory (MB) or MaxRAM (GB)";
      case "gpus" -> "lower NumberOfGPUs, or ask your VO's operators for nodes with GPUs";
      case "tags" -> "leave out the tags that nobody offers (Tags)";
      case "required_tags" -> "add the required tags (Tags) if the job is meant for these queues";
      case "volunteers" ->
          "mark the job (Volunteers = true) if it may run on machines of strangers, or ask your VO's operators for resources";
      case "job_type" -> "ask your VO's operators where jobs of this type may run";
      case "vo", "owner" -> "ask your VO's operators for resources";
      default -> "wait, or allow other sites";
    };
  }

  private String tags(Findings.Refusal refusal) {
    Set<String> nowhere = new TreeSet<>(asks.tags());
    candidates.forEach(candidate -> nowhere.removeIf(candidate.terms()::hasTag));
    String missing = nowhere.isEmpty() ? "" : "; nobody offers " + names(nowhere);
    return refusal.tally().refusesAny()
        ? "needs the tags %s%s".formatted(names(asks.tags()), missing)
        : "needs the tags " + names(asks.tags());
  }

  private static String banned(Findings.Refusal refusal) {
    return "sites out of service: "
        + refusal.refusing().stream()
            .map(
                candidate ->
                    candidate.remark().isBlank()
                        ? candidate.offer().site()
                        : candidate.offer().site() + " (" + candidate.remark() + ")")
            .distinct()
            .limit(MOST_NAMES)
            .collect(Collectors.joining(", "));
  }

  private String full(Findings.Refusal refusal) {
    return refusal.refusing().stream()
        .flatMap(candidate -> candidate.terms().state().full().stream())
        .filter(key -> key.concerns(asks))
        .distinct()
        .limit(MOST_NAMES)
        .map(key -> key + " (" + states.running(key) + " run)")
        .collect(Collectors.joining(", "));
  }

  private String delayed(Findings.Refusal refusal) {
    return refusal.refusing().stream()
        .flatMap(candidate -> candidate.terms().state().delayed().stream())
        .filter(key -> key.concerns(asks))
        .distinct()
        .limit(MOST_NAMES)
        .map(LimitKey::toString)
        .collect(Collectors.joining(", "));
  }

  /** The best that queues and pilots offer. */
  private String most(String unit, ToLongFunction<Offer> amount, long unknown) {
    List<Offer> queues =
        candidates.stream().filter(Candidate::isQueue).map(Candidate::offer).toList();
    List<Offer> pilots =
        candidates.stream().filter(c -> !c.isQueue()).map(Candidate::offer).toList();
    if (queues.isEmpty() && pilots.isEmpty()) {
      return "no queue is known and no pilot asked within the last hour";
    }
    String text =
        queues.isEmpty()
            ? "no queue is known"
            : "the %s offers %s"
                .formatted(
                    queues.size() == 1
                        ? "only known queue"
                        : "largest of " + queues.size() + " known queues",
                    best(queues, amount, unknown, unit));
    return pilots.isEmpty()
        ? text
        : text + ", recent pilots at most " + best(pilots, amount, unknown, unit);
  }

  private static String best(
      List<Offer> offers, ToLongFunction<Offer> amount, long unknown, String unit) {
    long best = offers.stream().mapToLong(amount).max().orElse(0);
    return best == unknown
        ? "what its node has, which is not known until a pilot has looked"
        : best + unit;
  }

  private String all(Function<Offer, String> part) {
    return names(
        candidates.stream()
            .map(candidate -> part.apply(candidate.offer()))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private String lists(Function<Offer, List<String>> part) {
    return lists(candidates, part);
  }

  private static String lists(List<Candidate> candidates, Function<Offer, List<String>> part) {
    return names(
        candidates.stream()
            .flatMap(candidate -> part.apply(candidate.offer()).stream())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  static String names(Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String some = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMES
        ? some + " and " + (names.size() - MOST_NAMES) + " more"
        : some;
  }

  static String plural(long count, String noun) {
    return count == 1 ? "1 " + noun : count + " " + noun + "s";
  }
}
