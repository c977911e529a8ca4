package org.spinor.server.matching.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.spinor.api.Offer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.JobClaims;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.Matcher;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.index.Step;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.rules.SiteState;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.Tags;
import org.spinor.server.matching.usage.SiteStates;

/** Proposes by the index, claims at the desk, tries again where it came too late. */
public final class MatchService implements Matcher {
  private static final int MOST_JOBS = 64;
  private static final long LONGEST_PAUSE = 20;

  private final Configurations configurations;
  private final MatchingIndex index;
  private final WaitingJobs line;
  private final ClaimDesk desk;
  private final ClassStore classes;
  private final Places places;
  private final Refusals refusals;

  /** Each is a look into the line at another place. */
  private static final int MOST_REFUSALS = 8;

  private final Map<JobClaims.Request, CompletableFuture<Answer>> underWay =
      new ConcurrentHashMap<>();

  public MatchService(
      Configurations configurations,
      MatchingIndex index,
      WaitingJobs line,
      ClaimDesk desk,
      ClassStore classes,
      Places places,
      Refusals refusals) {
    this.configurations = configurations;
    this.index = index;
    this.line = line;
    this.desk = desk;
    this.classes = classes;
    this.places = places;
    this.refusals = refusals;
  }

  /** What is known of places: their state, the rules there, and who offered what. */
  public record Places(SiteStates states, CurrentRules rules, RecentOffers recent) {}

  @Override
  public Answer match(Offer offer, String pilotStamp, String host, int maxJobs, String requestId) {
    places.recent.seen(pilotStamp, offer);
    JobClaims.Request request = new JobClaims.Request(pilotStamp, requestId);
    CompletableFuture<Answer> mine = new CompletableFuture<>();
    CompletableFuture<Answer> running = underWay.putIfAbsent(request, mine);
    if (running != null) {
      // The pilot asked again before it was answered: one answer for both.
      return join(running);
    }
    try {
      Answer answer = search(offer, request, host, Math.clamp(maxJobs, 1, MOST_JOBS));
      mine.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(request, mine);
    }
  }

  private static Answer join(CompletableFuture<Answer> running) {
    try {
      return running.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Answer search(Offer offer, JobClaims.Request request, String host, int maxJobs) {
    Set<String> sharing = sharingGroups(offer);
    boolean maybeRepeated = true;
    SiteState state = places.states.of(offer.site(), offer.ce());
    long read = Long.MIN_VALUE;
    for (int losses = 0; ; losses++) {
      OfferTerms terms = OfferTerms.of(offer, state, sharing);
      List<Step.Pick> picks = pack(terms, maxJobs);
      if (picks.isEmpty() && !maybeRepeated) {
        // What held jobs back may have passed since it was looked up.
        if (!state.holdsBack() || read != Long.MIN_VALUE) {
          return new Answer(List.of(), refusals.reason(terms));
        }
        read = System.nanoTime();
        SiteState now = places.states.since(read, offer.site(), offer.ce());
        if (now.equals(state)) {
          return new Answer(List.of(), refusals.reason(terms));
        }
        state = now;
        continue;
      }
      ClaimDesk.Verdict verdict = submit(offer, request, host, maybeRepeated, picks);
      maybeRepeated = false;
      List<Matcher.Match> matches =
          verdict.repeated().isEmpty() ? won(verdict) : matches(verdict.repeated());
      if (!matches.isEmpty()) {
        return new Answer(matches, "");
      }
      if (isUntrusted(offer) && losses >= MOST_REFUSALS) {
        return new Answer(List.of(), "the jobs that wait here were tried by this host before");
      }
      if (!picks.isEmpty()) {
        pause(losses);
        state = places.states.since(System.nanoTime(), offer.site(), offer.ce());
        read = Long.MIN_VALUE;
      }
    }
  }

  /**
   * Where nobody vouches for pilots, the database refuses them jobs that they have tried before.
   */
  private static boolean isUntrusted(Offer offer) {
    return offer.requiredTags().contains(Tags.VOLUNTEERS);
  }

  private List<Step.Pick> pack(OfferTerms terms, int maxJobs) {
    try {
      return new Packing(index, line, places.rules.now(), places.states, terms, maxJobs).fill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for work", e);
    }
  }

  private ClaimDesk.Verdict submit(
      Offer offer,
      JobClaims.Request request,
      String host,
      boolean maybeRepeated,
      List<Step.Pick> picks) {
    List<JobClaims.Claim> claims = new ArrayList<>(picks.size());
    for (Step.Pick pick : picks) {
      claims.add(
          new JobClaims.Claim(
              pick.place().jobId(),
              request.pilotStamp(),
              offer.site(),
              offer.ce(),
              request.requestId(),
              pick.cores(),
              pick.memoryMb(),
              isUntrusted(offer),
              host));
    }
    List<Step.Settled> ends = picks.stream().map(pick -> Step.Settled.BACK).toList();
    try {
      ClaimDesk.Verdict verdict =
          desk.submit(new ClaimDesk.Proposal(request, maybeRepeated, picks, claims));
      ends = verdict.ends();
      return verdict;
    } finally {
      if (!picks.isEmpty()) {
        index.settle(picks, ends);
      }
    }
  }

  private List<Match> won(ClaimDesk.Verdict verdict) {
    return matches(verdict.won().stream().flatMap(Optional::stream).toList());
  }

  private List<Match> matches(List<JobClaims.Claimed> claimed) {
    return claimed.stream()
        .map(
            job -> {
              var asks =
                  classes
                      .numbered(job.classNumber())
                      .orElseThrow(() -> new IllegalStateException("no class " + job.classNumber()))
                      .asks();
              return new Match(
                  job.jobId(),
                  job.attempt(),
                  asks.vo(),
                  asks.owner(),
                  asks.ownerGroup(),
                  job.cores(),
                  job.memoryMb(),
                  asks.cpuTime());
            })
        .toList();
  }

  private Set<String> sharingGroups(Offer offer) {
    return offer.owners().isEmpty() ? Set.of() : sharingGroups(configurations.current());
  }

  /** The groups whose jobs are one pot, as {@code vo/group}. */
  public static Set<String> sharingGroups(Configuration configuration) {
    return configuration.registry().values().stream()
        .flatMap(
            vo ->
                vo.groups().values().stream()
                    .filter(Configuration.Group::jobSharing)
                    .map(group -> vo.name() + "/" + group.name()))
        .collect(Collectors.toSet());
  }

  /** After several losses in a row somebody else is at work there: give way for a moment. */
  private static void pause(int losses) {
    if (losses == 0) {
      return;
    }
    try {
      Thread.sleep(Math.min(losses, LONGEST_PAUSE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for work", e);
    }
  }
}
