package org.spinor.server.jobs.submission;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.spinor.jdl.Ad;
import org.spinor.server.jobs.Requirements;

/** Reads one job from its ad and notes all that the VO does not allow. */
final class DraftReader {
  /** Attributes whose values are looked at: where one varies, each job is checked. */
  static final List<String> CHECKED =
      List.of(
          "JobType",
          "JobGroup",
          "Priority",
          "CPUTime",
          "Site",
          "BannedSites",
          "BannedSite",
          "GridCE",
          "Platform",
          "Tags",
          "Tag",
          "NumberOfProcessors",
          "MinNumberOfProcessors",
          "MaxNumberOfProcessors",
          "NumberOfGPUs",
          "WholeNode",
          "ContainerImage",
          "Volunteers",
          "VolunteerResults",
          "MaxRAM",
          "Memory",
          "InputData",
          "InputSandbox",
          "Owner",
          "OwnerGroup",
          "VirtualOrganization");

  private static final int MAX_NAME = 128;
  private static final int MAX_SHORT = 32;
  private static final int MAX_LFN = 4096;

  private final Submitter submitter;
  private final Limits limits;
  private final AttributeReader reader;

  DraftReader(Ad ad, Submitter submitter, Limits limits, JdlProblems problems) {
    this.submitter = submitter;
    this.limits = limits;
    this.reader = new AttributeReader(ad, problems);
  }

  JobDraft read() {
    requirePayload();
    requireSameOwner("Owner", submitter.owner());
    requireSameOwner("OwnerGroup", submitter.ownerGroup());
    requireSameOwner("VirtualOrganization", submitter.vo());
    String jobType = jobType();
    String jobGroup = reader.text("JobGroup", MAX_SHORT, "00000000");
    Requirements requirements =
        new RequirementsReader(reader, limits)
            .read(submitter, jobType.equals("user") ? "User" : jobType, jobGroup);
    forVolunteers(requirements.volunteers());
    return new JobDraft(
        jobType,
        jobGroup,
        name(),
        switch (requirements.sites().size()) {
          case 0 -> "ANY";
          case 1 -> requirements.sites().first();
          default -> "Multiple";
        },
        (int)
            reader.number(
                "Priority",
                limits.job().minPriority(),
                limits.job().maxPriority(),
                limits.job().defaultPriority()),
        requirements,
        inputSandboxes(),
        inputData());
  }

  String name() {
    return reader.text("JobName", MAX_NAME, "Unknown");
  }

  /** What strangers run has nothing but its sandboxes: no storage would take it from them. */
  private void forVolunteers(boolean volunteers) {
    List<String> results = reader.list("VolunteerResults");
    if (!volunteers) {
      if (!results.isEmpty()) {
        reader.wrong("VolunteerResults", "is for jobs with Volunteers = true");
      }
      return;
    }
    if (reader.list("OutputData").stream().anyMatch(file -> !file.isBlank())) {
      reader.wrong(
          "OutputData",
          "a job for volunteers has no credentials for storage; bring results back by OutputSandbox");
    }
    if (reader.list("InputData").stream().anyMatch(file -> !file.isBlank())
        || reader.list("InputSandbox").stream()
            .anyMatch(file -> file.regionMatches(true, 0, "LFN:", 0, 4))) {
      reader.wrong(
          "Volunteers",
          "a job with files of the catalogue needs credentials, which volunteers do not get; leave out LFN: files, or Volunteers");
    }
    for (String file : results) {
      if (file.isBlank() || file.startsWith("/") || file.contains("..")) {
        reader.wrong(
            "VolunteerResults", "\"%s\"; expected names of files of the job".formatted(file));
      }
    }
  }

  private void requirePayload() {
    if (reader.text("Executable").filter(text -> !text.isBlank()).isEmpty()) {
      reader.wrong("Executable", "missing; expected the program to run, as \"/bin/echo\"");
    }
    for (String attribute : List.of("StdOutput", "StdError")) {
      reader.text(attribute, MAX_NAME, "");
    }
    reader.list("OutputSandbox");
    reader.list("OutputData");
    reader.list("Arguments");
  }

  private void requireSameOwner(String attribute, String mine) {
    reader
        .text(attribute)
        .filter(given -> !given.equals(mine))
        .ifPresent(
            given ->
                reader.wrong(
                    attribute, "\"%s\"; allowed: \"%s\", or leave it out".formatted(given, mine)));
  }

  private String jobType() {
    String type = reader.text("JobType", MAX_SHORT, "user");
    Set<String> allowed = limits.job().allowedJobTypes();
    if (!type.equals("user") && !allowed.contains(type)) {
      reader.wrong(
          "JobType",
          "\"%s\"; allowed: %s".formatted(type, String.join(", ", new TreeSet<>(allowed))));
      return "user";
    }
    return type;
  }

  private boolean inputData() {
    List<String> files = reader.list("InputData").stream().filter(f -> !f.isBlank()).toList();
    int most = limits.job().maxInputData();
    if (files.size() > most) {
      reader.wrong("InputData", "%d files; allowed: at most %d".formatted(files.size(), most));
    }
    for (String file : files) {
      String path = file.regionMatches(true, 0, "LFN:", 0, 4) ? file.substring(4) : file;
      if (!path.startsWith("/" + submitter.vo() + "/")
          || path.contains("//")
          || path.length() > MAX_LFN) {
        reader.wrong(
            "InputData",
            "\"%s\"; expected LFN:/%s/... without empty parts".formatted(file, submitter.vo()));
      }
    }
    return !files.isEmpty();
  }

  private List<String> inputSandboxes() {
    List<String> files = reader.list("InputSandbox");
    for (String file : files) {
      if (!isSandbox(file) && !file.regionMatches(true, 0, "LFN:", 0, 4) && !file.isBlank()) {
        reader.wrong(
            "InputSandbox",
            "\"%s\" is a local file: upload it first, as `spinor jobs submit` does; expected SB:... or LFN:..."
                .formatted(file));
      }
    }
    return files.stream().filter(DraftReader::isSandbox).distinct().toList();
  }

  private static boolean isSandbox(String file) {
    return file.startsWith("SB:");
  }
}
