package org.spinor.server.jobs.submission;

import java.util.List;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Expr;
import org.spinor.server.jobs.Requirements;

/**
 * The description as the server keeps it: completed by defaults, by whose it is, by what it asks.
 */
final class StoredJdl {
  private StoredJdl() {}

  /**
   * @param first the first of the jobs: what is not the same in all of them is copied as an
   *     expression
   */
  static Ad complete(Ad ad, Submitter submitter, Limits limits, JobDraft first) {
    Ad.Builder stored = ad.toBuilder();
    putIfAbsent(stored, ad, "CPUTime", Expr.of((long) limits.job().defaultCpuTime()));
    putIfAbsent(stored, ad, "Priority", Expr.of((long) limits.job().defaultPriority()));
    putIfAbsent(stored, ad, "InputDataModule", Expr.of(limits.operations().inputDataModule()));
    putIfAbsent(
        stored, ad, "SoftwareDistModule", Expr.of(limits.operations().softwareDistModule()));
    if (!limits.job().containerImage().isEmpty()) {
      putIfAbsent(stored, ad, "ContainerImage", Expr.of(limits.job().containerImage()));
    }
    stored.put("Owner", submitter.owner());
    stored.put("OwnerGroup", submitter.ownerGroup());
    stored.put("VirtualOrganization", submitter.vo());
    stored.put("JobRequirements", requirements(ad, submitter, limits, first.requirements()));
    return stored.build();
  }

  private static void putIfAbsent(Ad.Builder stored, Ad ad, String name, Expr value) {
    if (!ad.contains(name)) {
      stored.put(name, value);
    }
  }

  private static Ad requirements(
      Ad ad, Submitter submitter, Limits limits, Requirements requirements) {
    Ad.Builder asked = Ad.builder();
    asked.put("CPUTime", ad.get("CPUTime").orElse(Expr.of((long) limits.job().defaultCpuTime())));
    asked.put("Owner", submitter.owner());
    asked.put("OwnerGroup", submitter.ownerGroup());
    asked.put(
        "UserPriority", ad.get("Priority").orElse(Expr.of((long) limits.job().defaultPriority())));
    asked.put("VirtualOrganization", submitter.vo());
    if (!requirements.platforms().isEmpty()) {
      asked.put("Platforms", requirements.platforms());
    }
    for (String[] names :
        List.of(
            new String[] {"Sites", "Site"},
            new String[] {"BannedSites", "BannedSites"},
            new String[] {"GridCEs", "GridCE"},
            new String[] {"Tags", "Tags"},
            new String[] {"JobTypes", "JobType"})) {
      ad.get(names[1]).ifPresent(value -> asked.put(names[0], value));
    }
    return asked.build();
  }
}
