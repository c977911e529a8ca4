package org.spinor.server.matching.explanation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.spinor.server.matching.terms.Clause;

/**
 * The upshot of an explanation.
 *
 * @param name as in {@link org.spinor.api.Explanation#verdict}
 * @param summary with what to do next
 */
public record Verdict(String name, String summary) {

  static Verdict of(Findings findings, ClauseWords words, long ahead, Standing.Share share) {
    List<Candidate> fitting = findings.fitting();
    if (findings.able().isEmpty()) {
      return new Verdict("no_resource", noResource(findings, words));
    }
    if (findings.open().isEmpty()) {
      return new Verdict(
          "banned",
          "Every place that could run it is out of service: "
              + text(findings, words, Clause.SITE_STATUS)
              + ". Wait until they are back, or allow other sites.");
    }
    if (fitting.isEmpty()) {
      return new Verdict("limited", limited(findings, words));
    }
    int pilots = Findings.pilots(fitting);
    if (pilots == 0) {
      return new Verdict(
          "waits_for_free_slot",
          "%s could run it, but no pilot with room for it asked within the last hour: it starts when one of them has a free slot. %s"
              .formatted(ClauseWords.plural(fitting.size(), "known queue"), inLine(ahead, share)));
    }
    if (ahead == 0 && share.others() == 0) {
      return new Verdict(
          "runs_soon",
          "%s of the last hour can run it, and nothing else waits for them: it starts when one of them asks again."
              .formatted(ClauseWords.plural(pilots, "pilot")));
    }
    return new Verdict(
        "waits_for_share",
        "%s of the last hour can run it. %s"
            .formatted(ClauseWords.plural(pilots, "pilot"), inLine(ahead, share)));
  }

  private static String inLine(long ahead, Standing.Share share) {
    String own =
        ahead == 0
            ? "It is the first of its kind"
            : ClauseWords.plural(ahead, "job")
                + " of its kind "
                + (ahead == 1 ? "goes" : "go")
                + " first";
    return share.others() == 0
        ? own + "; nobody else waits for the same places."
        : String.format(
            Locale.ROOT,
            "%s; %s of others could use the same places, of which its owner's part is %.0f%%.",
            own,
            ClauseWords.plural(share.others(), "job"),
            share.percent());
  }

  private static String limited(Findings findings, ClauseWords words) {
    String limits =
        findings.refusals().stream()
            .filter(
                refusal ->
                    refusal.tally().refusesAny()
                        && (refusal.clause().equals(Clause.RUNNING_LIMIT)
                            || refusal.clause().equals(Clause.MATCHING_DELAY)))
            .map(words::text)
            .collect(Collectors.joining("; "));
    return "Places could run it, but are not allowed to now: "
        + limits
        + ". It goes on by itself; ask your VO's operators if the limit is too low.";
  }

  private static String noResource(Findings findings, ClauseWords words) {
    if (findings.candidates().isEmpty()) {
      return "No queue is configured and no pilot asked within the last hour: nothing can run it. Ask your VO's operators for resources.";
    }
    List<Findings.Refusal> decisive =
        findings.refusals().stream().filter(refusal -> refusal.tally().refusesAll()).toList();
    if (!decisive.isEmpty()) {
      return decisive.stream()
          .map(refusal -> "It " + words.text(refusal) + ": " + words.advice(refusal) + ".")
          .collect(Collectors.joining(" "));
    }
    return "Nothing known fulfils all of its conditions at once: "
        + findings.refusals().stream()
            .filter(refusal -> refusal.tally().refusesAny())
            .map(refusal -> "it " + words.text(refusal) + " (" + refusals(refusal.tally()) + ")")
            .collect(Collectors.joining("; "))
        + ". Relax one of them.";
  }

  private static String refusals(Findings.Tally tally) {
    String queues =
        tally.queues() == 0
            ? ""
            : "refused by %d of %s"
                .formatted(tally.queuesRefused(), ClauseWords.plural(tally.queues(), "queue"));
    String pilots =
        tally.pilots() == 0
            ? ""
            : "%d of %s"
                .formatted(tally.pilotsRefused(), ClauseWords.plural(tally.pilots(), "pilot"));
    if (queues.isEmpty()) {
      return "refused by " + pilots;
    }
    return pilots.isEmpty() ? queues : queues + " and " + pilots;
  }

  private static String text(Findings findings, ClauseWords words, Clause<?> clause) {
    return findings.refusals().stream()
        .filter(refusal -> refusal.clause().equals(clause))
        .map(words::text)
        .findFirst()
        .orElse(clause.name());
  }
}
