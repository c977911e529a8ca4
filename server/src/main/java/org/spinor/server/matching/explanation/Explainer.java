package org.spinor.server.matching.explanation;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.Explanation;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.Offer;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.desk.KnownNodes;
import org.spinor.server.matching.desk.MatchService;
import org.spinor.server.matching.desk.RecentOffers;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;
import org.spinor.server.matching.usage.SiteStates;
import org.spinor.server.resources.Sites;

/** Why a job waits: its class held against queues and pilots by the clauses of the match. */
public final class Explainer {
  private static final int MOST_PLACES = 20;
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Jobs jobs;
  private final WaitingJobs line;
  private final ClassStore classes;
  private final Sites sites;
  private final SiteStates states;
  private final KnownNodes nodes;
  private final Standing standing;
  private final Configurations configurations;
  private final LoadingCache<Boolean, List<RecentOffers.Seen>> pilots;

  /** What the explanation reads of jobs and places. */
  public record Sources(
      Jobs jobs,
      WaitingJobs line,
      ClassStore classes,
      Sites sites,
      SiteStates states,
      KnownNodes nodes) {}

  public Explainer(
      Sources sources, Standing standing, RecentOffers recent, Configurations configurations) {
    this.jobs = sources.jobs;
    this.line = sources.line;
    this.classes = sources.classes;
    this.sites = sources.sites;
    this.states = sources.states;
    this.nodes = sources.nodes;
    this.standing = standing;
    this.configurations = configurations;
    this.pilots = Caffeine.newBuilder().expireAfterWrite(FRESH).build(always -> recent.lately());
  }

  Explanation explain(long jobId) {
    Jobs.Summary job =
        jobs.find(jobId)
            .orElseThrow(() -> new SpinorException(ErrorCode.NOT_FOUND, "no job " + jobId));
    RequirementClass cls =
        classes
            .numbered(job.classNumber())
            .orElseThrow(() -> new IllegalStateException("no class " + job.classNumber()));
    if (job.status() != JobStatus.Waiting) {
      return new Explanation(
          new JobId(jobId),
          job.status().name(),
          "not_waiting",
          History.inWords(job, jobs.attempts(jobId)),
          RequirementWords.of(cls.asks()),
          List.of(),
          List.of(),
          0,
          "");
    }
    return explainWaiting(job, cls);
  }

  private Explanation explainWaiting(Jobs.Summary job, RequirementClass cls) {
    Findings findings = new Findings(cls, candidates());
    ClauseWords words = new ClauseWords(findings, states);
    List<Explanation.Clause> clauses = new ArrayList<>();
    for (Findings.Refusal refusal : findings.refusals()) {
      if (words.concerns(refusal)) {
        Findings.Tally tally = refusal.tally();
        clauses.add(
            new Explanation.Clause(
                refusal.clause().name(),
                words.text(refusal),
                tally.queuesRefused(),
                tally.queues(),
                tally.pilotsRefused(),
                tally.pilots()));
      }
    }
    long ahead = line.ahead(cls.number(), new WaitingJobs.Place(job.priority(), job.jobId()));
    Standing.Share share = standing.of(cls.asks(), findings.fitting());
    Verdict verdict = Verdict.of(findings, words, ahead, share);
    return new Explanation(
        new JobId(job.jobId()),
        job.status().name(),
        verdict.name(),
        verdict.summary(),
        RequirementWords.of(cls.asks()),
        clauses,
        findings.fitting().stream().map(Candidate::label).distinct().limit(MOST_PLACES).toList(),
        ahead,
        share.text());
  }

  private List<Candidate> candidates() {
    Set<String> sharing = MatchService.sharingGroups(configurations.current());
    List<Candidate> candidates = new ArrayList<>();
    Set<String> banned = new HashSet<>();
    for (Sites.KnownQueue known : sites.queues()) {
      Offer offer = nodes.known(known.offer());
      if (!known.usable()) {
        banned.add(offer.site() + "\n" + known.statusReason());
      }
      candidates.add(candidate(offer, sharing, 0, known.statusReason()));
    }
    for (RecentOffers.Seen seen : pilots.get(true)) {
      String reason =
          banned.stream()
              .filter(site -> site.startsWith(seen.offer().site() + "\n"))
              .map(site -> site.substring(site.indexOf('\n') + 1))
              .findAny()
              .orElse("");
      candidates.add(candidate(seen.offer(), sharing, seen.pilots(), reason));
    }
    return candidates;
  }

  private Candidate candidate(Offer offer, Set<String> sharing, int pilots, String remark) {
    OfferTerms terms = OfferTerms.of(offer, states.of(offer.site(), offer.ce()), sharing);
    return new Candidate(offer, terms, pilots, terms.state().usable() ? "" : remark);
  }
}
