package org.spinor.server.jobs.submission;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Printer;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.RequirementClasses;
import org.spinor.server.jobs.Requirements;
import org.springframework.stereotype.Component;

/** Reads jobs anew from their descriptions, under the configuration of today. */
@Component
public final class Redrafts {
  private final Configurations configurations;
  private final Descriptions descriptions;
  private final RequirementClasses classes;

  Redrafts(Configurations configurations, Descriptions descriptions, RequirementClasses classes) {
    this.configurations = configurations;
    this.descriptions = descriptions;
    this.classes = classes;
  }

  /**
   * What a job starts again with.
   *
   * @param jdl its own description
   * @param inputData whether it needs files of a catalogue
   */
  public record Redraft(int classNumber, int priority, boolean inputData, String jdl) {}

  /** Of each job what it starts with, or why it cannot. */
  public record Result(Map<Long, Redraft> good, Map<Long, String> problems) {}

  /** To be called outside of a transaction: may make classes. */
  public Result of(Collection<Long> jobIds) {
    Configuration configuration = configurations.current();
    Map<Long, String> problems = new HashMap<>();
    Map<Long, JobDraft> drafts = new LinkedHashMap<>();
    Map<Long, Ad> ads = descriptions.ads(jobIds);
    ads.forEach(
        (id, ad) -> {
          Submitter submitter =
              new Submitter(
                  ad.string("VirtualOrganization").orElse(""),
                  ad.string("Owner").orElse(""),
                  ad.string("OwnerGroup").orElse(""));
          if (!configuration.operations().containsKey(submitter.vo())) {
            problems.put(id, "its VO is not in the configuration any more");
            return;
          }
          JdlProblems found = new JdlProblems("its description does not fit any more");
          Limits limits = Limits.of(configuration, submitter.vo());
          JobDraft draft = new DraftReader(ad, submitter, limits, found).read();
          if (found.isEmpty()) {
            drafts.put(id, draft);
          } else {
            problems.put(id, String.join("; ", found.lines()));
          }
        });
    Set<Requirements> wanted = new HashSet<>();
    drafts.values().forEach(draft -> wanted.add(draft.requirements()));
    Map<Requirements, Integer> numbers = classes.numbersOf(wanted);
    Map<Long, Redraft> good = new LinkedHashMap<>();
    drafts.forEach(
        (id, draft) ->
            good.put(
                id,
                new Redraft(
                    Objects.requireNonNull(numbers.get(draft.requirements()), "no class"),
                    draft.priority(),
                    draft.inputData(),
                    Printer.print(Objects.requireNonNull(ads.get(id))))));
    return new Result(good, problems);
  }
}
