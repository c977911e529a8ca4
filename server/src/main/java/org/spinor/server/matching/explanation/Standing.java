package org.spinor.server.matching.explanation;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.shares.ShareBook;
import org.spinor.server.matching.shares.Shares;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.RequirementClass;
import org.spinor.server.matching.usage.UsageTable;

/** Where an owner stands among those who want the same places. */
public final class Standing {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final int SECONDS_AN_HOUR = 3600;

  private final MatchingIndex index;
  private final Shares shares;
  private final ShareBook usage;
  private final LoadingCache<Boolean, Map<UsageTable.Who, long[]>> running;

  public Standing(MatchingIndex index, ShareBook shares, ClassStore classes, JobClaims claims) {
    this.index = index;
    this.shares = shares;
    this.usage = shares;
    this.running =
        Caffeine.newBuilder().expireAfterWrite(FRESH).build(always -> running(classes, claims));
  }

  /**
   * The standing of an owner.
   *
   * @param percent of what the places give, by shares alone, among those who wait for them now
   * @param others waiting jobs of others that the same places could run
   */
  record Share(String text, double percent, long others) {}

  /** Attempts and cores by owner. */
  private static Map<UsageTable.Who, long[]> running(ClassStore classes, JobClaims claims) {
    List<JobClaims.Held> held = new ArrayList<>();
    claims.held(held::add);
    Map<Integer, RequirementClass> known =
        classes.numbered(held.stream().map(JobClaims.Held::classNumber).distinct().toList());
    Map<UsageTable.Who, long[]> running = new HashMap<>();
    for (JobClaims.Held group : held) {
      RequirementClass cls = known.get(group.classNumber());
      if (cls != null) {
        long[] sums = running.computeIfAbsent(who(cls.asks()), who -> new long[2]);
        sums[0] += group.attempts();
        sums[1] += group.cores();
      }
    }
    return running;
  }

  private static UsageTable.Who who(Requirements asks) {
    return new UsageTable.Who(asks.vo(), asks.ownerGroup(), asks.owner());
  }

  /**
   * @param places that could run the job; none: the standing among all who wait
   */
  Share of(Requirements asks, List<Candidate> places) {
    Map<UsageTable.Who, Long> waiting = new TreeMap<>();
    waiting.put(who(asks), 0L);
    if (places.isEmpty()) {
      index
          .waiting(Integer.MAX_VALUE)
          .forEach(cls -> waiting.merge(who(cls.asks()), 1L, Long::sum));
    } else {
      Map<Integer, Long> jobs = new HashMap<>();
      Map<Integer, UsageTable.Who> owners = new HashMap<>();
      places.stream()
          .map(place -> index.canonical(place.terms()))
          .distinct()
          .forEach(
              terms ->
                  index.fitting(
                      terms,
                      line -> {
                        jobs.put(line.cls().number(), line.jobs());
                        owners.put(line.cls().number(), who(line.cls().asks()));
                      }));
      jobs.forEach((number, count) -> waiting.merge(owners.get(number), count, Long::sum));
    }
    return share(asks, waiting);
  }

  private Share share(Requirements asks, Map<UsageTable.Who, Long> waiting) {
    UsageTable.Who self = who(asks);
    Map<List<String>, Set<String>> groups = new HashMap<>();
    waiting.forEach(
        (who, jobs) ->
            groups
                .computeIfAbsent(List.of(who.vo(), who.group()), group -> new TreeSet<>())
                .add(who.owner()));
    double all =
        groups.keySet().stream()
            .mapToDouble(group -> shares.ofGroup(group.get(0), group.get(1)).weight())
            .sum();
    Shares.GroupShare own = shares.ofGroup(self.vo(), self.group());
    double ofGroup = 100 * own.weight() / all;
    int owners = groups.getOrDefault(List.of(self.vo(), self.group()), Set.of()).size();
    double ofOwner = own.jobSharing() ? ofGroup : ofGroup / owners;
    long[] runs = running.get(true).getOrDefault(self, new long[2]);
    long hours = Math.round(usage.usedBy(self) / SECONDS_AN_HOUR);
    String within =
        own.jobSharing()
            ? "shares it as one pot"
            : owners == 1
                ? "and %s is its only owner with jobs waiting for it".formatted(self.owner())
                : "which %d owners with waiting jobs share equally".formatted(owners);
    String text =
        String.format(
            Locale.ROOT,
            "group %s has %.0f%% of the shares of the %d %s with jobs for these places, %s; "
                + "%s runs %s on %s now and used %d core hours lately",
            self.group(),
            ofGroup,
            groups.size(),
            groups.size() == 1 ? "group" : "groups",
            within,
            self.owner(),
            ClauseWords.plural(runs[0], "job"),
            ClauseWords.plural(runs[1], "core"),
            hours);
    long others =
        waiting.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(self))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return new Share(text, ofOwner, others);
  }
}
