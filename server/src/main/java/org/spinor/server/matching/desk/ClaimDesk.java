package org.spinor.server.matching.desk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.explanation.Verdict;
import org.spinor.server.matching.index.Step;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitRules;
import org.spinor.server.matching.usage.LimitTable;

/**
 * Where proposals of the index become matches: concurrent ones are claimed together, in one
 * transaction with the counters of limits and the delays that they touch.
 */
public final class ClaimDesk implements AutoCloseable {
  private static final int LANES = 2;
  private static final int MOST_IN_BATCH = 128;

  private final Transactions transactions;
  private final JobClaims claims;
  private final LimitTable limits;
  private final CurrentRules rules;
  private final Batcher<Proposal, Verdict> free;

  /** Proposals under limits have one lane: they would only wait for each other's rows. */
  private final Batcher<Proposal, Verdict> limited;

  public ClaimDesk(
      Transactions transactions, JobClaims claims, LimitTable limits, CurrentRules rules) {
    this.transactions = transactions;
    this.claims = claims;
    this.limits = limits;
    this.rules = rules;
    this.free = new Batcher<>("claims", LANES, MOST_IN_BATCH, this::decide);
    this.limited = new Batcher<>("limited-claims", 1, MOST_IN_BATCH, this::decide);
  }

  /**
   * What an asker would be given.
   *
   * @param maybeRepeated whether the request may have been answered before
   * @param picks what was picked, with the claims for it in the same order; none: only the question
   *     whether the request was answered before
   */
  record Proposal(
      JobClaims.Request request,
      boolean maybeRepeated,
      List<Step.Pick> picks,
      List<JobClaims.Claim> claims) {}

  /**
   * What came of it.
   *
   * @param repeated what the same request was given before; then nothing of this was tried
   * @param ends how each pick ended
   * @param won in the order of the picks
   */
  record Verdict(
      List<JobClaims.Claimed> repeated,
      List<Step.Settled> ends,
      List<Optional<JobClaims.Claimed>> won) {}

  Verdict submit(Proposal proposal) {
    LimitRules now = rules.now();
    boolean underLimits =
        !now.isEmpty()
            && proposal.claims.stream().anyMatch(claim -> now.touch(claim.site()))
            && !keysOf(List.of(proposal), now).isEmpty();
    return (underLimits ? limited : free).submit(proposal);
  }

  private static Set<LimitKey> keysOf(Collection<Proposal> proposals, LimitRules rules) {
    Set<LimitKey> keys = new TreeSet<>();
    for (Proposal proposal : proposals) {
      for (int i = 0; i < proposal.picks.size(); i++) {
        Keys of = keysOf(proposal, i, rules);
        keys.addAll(of.limits);
        keys.addAll(of.delays);
      }
    }
    return keys;
  }

  private static Keys keysOf(Proposal proposal, int pick, LimitRules rules) {
    Requirements asks = proposal.picks.get(pick).line().cls().asks();
    JobClaims.Claim claim = proposal.claims.get(pick);
    return new Keys(
        rules.limitsOn(asks, claim.site(), claim.ce()),
        rules.delaysOn(asks, claim.site(), claim.ce()));
  }

  private record Keys(List<LimitKey> limits, List<LimitKey> delays) {}

  private List<Verdict> decide(List<Proposal> proposals) {
    return transactions.in(() -> new Batch(proposals).decide());
  }

  /** One batch in its transaction. */
  private final class Batch {
    private final List<Proposal> proposals;
    private final LimitRules now = rules.now();
    private final Map<LimitKey, Long> running = new HashMap<>();
    private final Set<LimitKey> waiting = new TreeSet<>();
    private final SortedMap<LimitKey, Long> started = new TreeMap<>();
    private final SortedMap<LimitKey, Integer> delayed = new TreeMap<>();

    Batch(List<Proposal> proposals) {
      this.proposals = proposals;
    }

    List<Verdict> decide() {
      List<List<JobClaims.Claimed>> repeated = repeated();
      List<Proposal> fresh = new ArrayList<>();
      for (int i = 0; i < proposals.size(); i++) {
        if (repeated.get(i).isEmpty()) {
          fresh.add(proposals.get(i));
        }
      }
      lock(fresh);
      List<List<Boolean>> admitted = fresh.stream().map(this::admit).toList();
      List<JobClaims.Claim> wishes = new ArrayList<>();
      for (int i = 0; i < fresh.size(); i++) {
        for (int pick = 0; pick < admitted.get(i).size(); pick++) {
          if (admitted.get(i).get(pick)) {
            wishes.add(fresh.get(i).claims.get(pick));
          }
        }
      }
      List<Optional<JobClaims.Claimed>> answers =
          wishes.isEmpty() ? List.of() : claims.claim(wishes);
      Iterator<Optional<JobClaims.Claimed>> outcomes = answers.iterator();
      List<Verdict> verdicts = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < proposals.size(); i++) {
        Proposal proposal = proposals.get(i);
        if (!repeated.get(i).isEmpty()) {
          verdicts.add(untried(proposal, repeated.get(i)));
          continue;
        }
        List<Boolean> mine = admitted.get(next++);
        List<Step.Settled> ends = new ArrayList<>();
        List<Optional<JobClaims.Claimed>> won = new ArrayList<>();
        for (int pick = 0; pick < mine.size(); pick++) {
          Optional<JobClaims.Claimed> outcome = mine.get(pick) ? outcomes.next() : Optional.empty();
          won.add(outcome);
          ends.add(end(mine.get(pick), outcome));
          if (outcome.isPresent()) {
            count(proposal, pick);
          }
        }
        verdicts.add(new Verdict(List.of(), ends, won));
      }
      limits.add(started);
      limits.delay(delayed);
      return verdicts;
    }

    private static Step.Settled end(boolean admitted, Optional<JobClaims.Claimed> outcome) {
      if (!admitted) {
        return Step.Settled.BACK;
      }
      return outcome.isPresent() ? Step.Settled.WON : Step.Settled.LOST;
    }

    private static Verdict untried(Proposal proposal, List<JobClaims.Claimed> repeated) {
      return new Verdict(
          repeated,
          proposal.picks.stream().map(pick -> Step.Settled.BACK).toList(),
          proposal.picks.stream().map(pick -> Optional.<JobClaims.Claimed>empty()).toList());
    }

    private List<List<JobClaims.Claimed>> repeated() {
      List<JobClaims.Request> asked =
          proposals.stream().filter(Proposal::maybeRepeated).map(Proposal::request).toList();
      List<List<JobClaims.Claimed>> known = asked.isEmpty() ? List.of() : claims.repeated(asked);
      Iterator<List<JobClaims.Claimed>> answers = known.iterator();
      return proposals.stream()
          .map(p -> p.maybeRepeated ? answers.next() : List.<JobClaims.Claimed>of())
          .toList();
    }

    private void lock(List<Proposal> fresh) {
      if (now.isEmpty()) {
        return;
      }
      Set<LimitKey> counters = new TreeSet<>();
      Set<LimitKey> deadlines = new TreeSet<>();
      for (Proposal proposal : fresh) {
        for (int pick = 0; pick < proposal.picks.size(); pick++) {
          Keys keys = keysOf(proposal, pick, now);
          counters.addAll(keys.limits);
          deadlines.addAll(keys.delays);
        }
      }
      running.putAll(limits.lockLimits(counters));
      waiting.addAll(limits.lockDelays(deadlines));
    }

    /** Which picks the limits let through, one after the other, each counted at once. */
    private List<Boolean> admit(Proposal proposal) {
      List<Boolean> admitted = new ArrayList<>();
      for (int pick = 0; pick < proposal.picks.size(); pick++) {
        Keys keys = keysOf(proposal, pick, now);
        boolean fits =
            keys.delays.stream().noneMatch(waiting::contains)
                && keys.limits.stream()
                    .allMatch(
                        key ->
                            running.getOrDefault(key, 0L)
                                < now.limitsOf(key.site()).getOrDefault(key, 0));
        if (fits) {
          waiting.addAll(keys.delays);
          keys.limits.forEach(key -> running.merge(key, 1L, Long::sum));
        }
        admitted.add(fits);
      }
      return admitted;
    }

    private void count(Proposal proposal, int pick) {
      Keys keys = keysOf(proposal, pick, now);
      keys.limits.forEach(key -> started.merge(key, 1L, Long::sum));
      keys.delays.forEach(key -> delayed.put(key, now.delaysOf(key.site()).getOrDefault(key, 0)));
    }
  }

  @Override
  public void close() {
    free.close();
    limited.close();
  }
}
