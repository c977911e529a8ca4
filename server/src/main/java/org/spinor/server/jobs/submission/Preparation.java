package org.spinor.server.jobs.submission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.jdl.JdlException;
import org.spinor.jdl.JdlProblem;
import org.spinor.jdl.Parametric;
import org.spinor.jdl.ParametricException;
import org.spinor.jdl.Printer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.Requirements;
import org.springframework.stereotype.Component;

/**
 * Reads and checks a description. Many users submit the same text again and again: what was found
 * good lately is remembered, as long as the configuration is the same.
 */
@Component
final class Preparation {
  private static final int CACHED = 2_000;
  private static final int MAX_CACHED_LENGTH = 10_000;
  // Any two different numbers: to see whether a name depends on it.
  private static final long SOME_ID = 1_000_000_001L;
  private static final long OTHER_ID = 1_000_000_002L;

  private final Configurations configurations;
  private final Cache<Key, PreparedJobs> known = Caffeine.newBuilder().maximumSize(CACHED).build();

  Preparation(Configurations configurations) {
    this.configurations = configurations;
  }

  private record Key(String revision, Submitter submitter, String text) {}

  /**
   * Reads a description as far as it can be read: good only where no problem was noted.
   *
   * @return empty where there is nothing to check any further
   */
  Optional<PreparedJobs> prepare(Submitter submitter, String text, JdlProblems problems) {
    Configuration configuration = configurations.current();
    Key key = new Key(configuration.revision(), submitter, text);
    PreparedJobs same = known.getIfPresent(key);
    if (same != null) {
      return Optional.of(same);
    }
    Limits limits = Limits.of(configuration, submitter.vo());
    Optional<PreparedJobs> fresh = read(submitter, text, limits, problems);
    fresh
        .filter(jobs -> problems.isEmpty())
        .filter(jobs -> jobs.drafts().size() == 1 && text.length() <= MAX_CACHED_LENGTH)
        .ifPresent(jobs -> known.put(key, jobs));
    return fresh;
  }

  private static Optional<PreparedJobs> read(
      Submitter submitter, String text, Limits limits, JdlProblems problems) {
    if (text.indexOf('\0') >= 0) {
      problems.add("the text has a NUL character in it");
      return Optional.empty();
    }
    try {
      Ad ad = BareWords.quoted(Jdl.parse(text));
      if (ad.isEmpty()) {
        problems.add("the text is empty; expected attributes, as Executable = \"/bin/echo\";");
        return Optional.empty();
      }
      return Optional.of(check(submitter, text, ad, limits, problems));
    } catch (JdlException e) {
      e.problems().forEach(problem -> problems.add(syntax(problem)));
    } catch (ParametricException e) {
      e.problems().forEach(problem -> problems.add(problem.attribute(), problem.message()));
    }
    return Optional.empty();
  }

  private static String syntax(JdlProblem problem) {
    boolean said = problem.expected().isEmpty() || problem.message().contains(problem.expected());
    String expected = said ? "" : "; expected " + problem.expected();
    return problem.render().replaceFirst("\n", Matcher.quoteReplacement(expected + "\n"));
  }

  private static PreparedJobs check(
      Submitter submitter, String text, Ad ad, Limits limits, JdlProblems problems) {
    Parametric parameters = Parametric.of(ad);
    List<JobDraft> drafts = drafts(submitter, parameters, limits, problems);
    Ad stored = StoredJdl.complete(ad, submitter, limits, drafts.getFirst());
    Parametric template = Parametric.of(stored);
    return new PreparedJobs(
        submitter, text, Printer.print(stored), template, drafts, nameNeedsId(parameters));
  }

  private static boolean nameNeedsId(Parametric parameters) {
    return !parameters
        .expand(0, SOME_ID)
        .get("JobName")
        .equals(parameters.expand(0, OTHER_ID).get("JobName"));
  }

  private static List<JobDraft> drafts(
      Submitter submitter, Parametric parameters, Limits limits, JdlProblems problems) {
    JobDraft first =
        new DraftReader(parameters.expand(0, SOME_ID), submitter, limits, problems).read();
    boolean checkEach = DraftReader.CHECKED.stream().anyMatch(parameters::varies);
    boolean nameEach = parameters.varies("JobName");
    if (parameters.count() > limits.job().maxJobsPerCall() || !(checkEach || nameEach)) {
      return List.of(first);
    }
    // Few different wishes stand behind many jobs: equal ones share one object.
    Map<Requirements, Requirements> shared = new HashMap<>();
    List<JobDraft> drafts = new ArrayList<>(parameters.count());
    for (int index = 0; index < parameters.count(); index++) {
      DraftReader reader =
          new DraftReader(parameters.expand(index, SOME_ID), submitter, limits, problems);
      JobDraft draft = checkEach ? reader.read() : first.named(reader.name());
      Requirements requirements = draft.requirements();
      Requirements same = shared.putIfAbsent(requirements, requirements);
      drafts.add(same == null ? draft : draft.asking(same));
    }
    return drafts;
  }
}
