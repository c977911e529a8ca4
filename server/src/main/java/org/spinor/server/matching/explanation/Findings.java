package org.spinor.server.matching.explanation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.spinor.server.matching.terms.Clause;
import org.spinor.server.matching.terms.RequirementClass;

/** A class held against everything it could run on: who refuses it because of what. */
final class Findings {
  private final RequirementClass cls;
  private final List<Candidate> candidates;
  private final List<Refusal> refusals = new ArrayList<>();

  /**
   * One clause.
   *
   * @param refusing the candidates that refuse because of it
   */
  record Refusal(Clause<?> clause, List<Candidate> refusing, Tally tally) {}

  /** Queues and pilots, counted. */
  record Tally(int queuesRefused, int queues, int pilotsRefused, int pilots) {
    boolean refusesAll() {
      return queuesRefused == queues && pilotsRefused == pilots && queues + pilots > 0;
    }

    boolean refusesAny() {
      return queuesRefused + pilotsRefused > 0;
    }
  }

  Findings(RequirementClass cls, List<Candidate> candidates) {
    this.cls = cls;
    this.candidates = List.copyOf(candidates);
    Clause.LASTING.forEach(this::ask);
    Clause.PASSING.forEach(this::ask);
    refusals.sort(
        Comparator.comparingInt(
            (Refusal refusal) -> -refusal.tally.queuesRefused - refusal.tally.pilotsRefused));
  }

  private void ask(Clause<?> clause) {
    List<Candidate> refusing =
        candidates.stream().filter(candidate -> !clause.accepts(cls, candidate.terms())).toList();
    refusals.add(
        new Refusal(
            clause,
            refusing,
            new Tally(queues(refusing), queues(candidates), pilots(refusing), pilots(candidates))));
  }

  private static int queues(List<Candidate> some) {
    return (int) some.stream().filter(Candidate::isQueue).count();
  }

  static int pilots(List<Candidate> some) {
    return some.stream().mapToInt(Candidate::pilots).sum();
  }

  RequirementClass cls() {
    return cls;
  }

  List<Candidate> candidates() {
    return candidates;
  }

  /** Every clause, those that refuse most first. */
  List<Refusal> refusals() {
    return refusals;
  }

  /** Those that could run it by what they are, whatever holds at this moment. */
  List<Candidate> able() {
    return those(candidate -> candidate.lastingly(cls));
  }

  /** Those among the able ones whose site is not banned for it. */
  List<Candidate> open() {
    return those(
        candidate ->
            candidate.lastingly(cls) && Clause.SITE_STATUS.accepts(cls, candidate.terms()));
  }

  /** Those that could run it now. */
  List<Candidate> fitting() {
    return those(candidate -> Clause.allAccept(cls, candidate.terms()));
  }

  private List<Candidate> those(Predicate<Candidate> condition) {
    return candidates.stream().filter(condition).toList();
  }
}
