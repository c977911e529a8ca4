package org.spinor.server.matching.desk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.index.Line;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.index.Step;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitRules;
import org.spinor.server.matching.rules.SiteState;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.usage.SiteStates;

/**
 * Jobs for one request: one after the other in the order of shares, each into the room that the
 * earlier ones left.
 */
final class Packing {
  private static final long PATIENCE = 20_000;
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

  private final MatchingIndex index;
  private final WaitingJobs line;
  private final LimitRules rules;
  private final SiteStates states;
  private final int maxJobs;
  private final long began = System.nanoTime();
  private OfferTerms offer;
  private final List<Step.Pick> picks = new ArrayList<>();
  private final Map<LimitKey, Long> free = new HashMap<>();

  Packing(
      MatchingIndex index,
      WaitingJobs line,
      LimitRules rules,
      SiteStates states,
      OfferTerms offer,
      int maxJobs) {
    this.index = index;
    this.line = line;
    this.rules = rules;
    this.states = states;
    this.offer = offer;
    this.maxJobs = maxJobs;
  }

  /**
   * The picks; none only where no waiting job fits: while others here are being given jobs that
   * would fit, it waits for what comes of it.
   */
  List<Step.Pick> fill() throws InterruptedException {
    boolean complete = false;
    try {
      while (picks.size() < maxJobs && offer.room().cores() > 0) {
        switch (index.step(offer)) {
          case Step.Taken(Step.Pick pick) -> take(pick);
          case Step.Read(Line.Refill refill) -> read(refill);
          case Step.Undecided(long change) -> {
            if (!picks.isEmpty()) {
              complete = true;
              return picks;
            }
            await(change);
          }
          case Step.Nothing() -> {
            complete = true;
            return picks;
          }
        }
      }
      complete = true;
      return picks;
    } finally {
      if (!complete) {
        index.settle(picks, picks.stream().map(pick -> Step.Settled.BACK).toList());
      }
    }
  }

  private void await(long change) throws InterruptedException {
    if (System.nanoTime() - began > LONGEST) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE, "the database takes too long to give out jobs; ask again");
    }
    index.awaitChange(change, PATIENCE);
  }

  private void take(Step.Pick pick) {
    picks.add(pick);
    var asks = pick.line().cls().asks();
    offer = offer.with(offer.room().without(pick.cores(), pick.memoryMb(), asks.gpus()));
    String site = offer.place().site();
    if (rules.touch(site)) {
      Set<LimitKey> full = new HashSet<>(offer.state().full());
      for (LimitKey key : rules.limitsOn(asks, site, offer.place().ce())) {
        int limit = rules.limitsOf(site).getOrDefault(key, 0);
        long left = free.getOrDefault(key, states.free(key, limit)) - 1;
        free.put(key, left);
        if (left <= 0) {
          full.add(key);
        }
      }
      Set<LimitKey> delayed = new HashSet<>(offer.state().delayed());
      delayed.addAll(rules.delaysOn(asks, site, offer.place().ce()));
      offer = offer.with(new SiteState(offer.state().usable(), full, delayed));
    }
  }

  private void read(Line.Refill refill) {
    List<WaitingJobs.Place> places;
    try {
      places = line.next(refill.line().cls().number(), refill.after(), refill.limit());
    } catch (RuntimeException | Error e) {
      index.refillFailed(refill);
      throw e;
    }
    index.refilled(refill, places);
  }
}
