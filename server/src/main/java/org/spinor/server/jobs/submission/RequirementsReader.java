package org.spinor.server.jobs.submission;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.web.DidYouMean;

/** Reads what a job asks of whoever runs it. */
final class RequirementsReader {
  private static final int MAX_TAG = 64;
  private static final int MAX_GPUS = 64;
  // 10 TB of memory; a larger number was meant in other units.
  private static final long MAX_RAM_GB = 10_000;
  private static final long MAX_MEMORY_MB = 10_000_000;

  private final AttributeReader reader;

  /** Pilots whose nodes can run images offer it. */
  private static final String CONTAINER = "Container";

  private static final int MAX_IMAGE = 1024;
  private final Limits limits;

  RequirementsReader(AttributeReader reader, Limits limits) {
    this.reader = reader;
    this.limits = limits;
  }

  /** The cores of a job. */
  private record Cores(int least, int most) {}

  Requirements read(Submitter submitter, String jobType, String jobGroup) {
    boolean wholeNode = reader.flag("WholeNode");
    Cores cores = cores(wholeNode);
    TreeSet<String> tags = new TreeSet<>(reader.wishes("Tags"));
    tags.addAll(reader.wishes("Tag"));
    if (!image().isEmpty()) {
      tags.add(CONTAINER);
    }
    // Who asks for the tag wants volunteers and nobody else.
    boolean volunteers = reader.flag("Volunteers") || tags.contains(Requirements.VOLUNTEERS);
    tags.stream()
        .filter(tag -> tag.length() > MAX_TAG)
        .forEach(tag -> reader.wrong("Tags", "a tag has at most " + MAX_TAG + " characters"));
    return new Requirements(
        submitter.vo(),
        submitter.owner(),
        submitter.ownerGroup(),
        reader.number(
            "CPUTime",
            limits.job().minCpuTime(),
            limits.job().maxCpuTime(),
            limits.job().defaultCpuTime()),
        sites(),
        bannedSites(),
        new TreeSet<>(reader.wishes("GridCE")),
        platforms(),
        jobType,
        jobGroup,
        tags,
        cores.least(),
        cores.most(),
        wholeNode,
        memory(),
        (int) reader.number("NumberOfGPUs", 0, MAX_GPUS, 0),
        volunteers);
  }

  /** In which the job runs: its own wish, also for none, else that of its VO. */
  private String image() {
    String image = reader.text("ContainerImage").orElse(limits.job().containerImage()).strip();
    if (image.length() > MAX_IMAGE
        || image.startsWith("-")
        || image.chars().anyMatch(c -> c <= ' ')) {
      reader.wrong(
          "ContainerImage",
          "expected a name or a path of at most " + MAX_IMAGE + " characters without blanks");
    }
    return image;
  }

  private Cores cores(boolean wholeNode) {
    int most = limits.job().maxProcessors();
    int exactly = (int) reader.number("NumberOfProcessors", 1, most, 0);
    int min = (int) reader.number("MinNumberOfProcessors", 1, most, 0);
    int max = (int) reader.number("MaxNumberOfProcessors", 1, most, 0);
    if (min > 0 && max > 0 && min > max) {
      reader.wrong(
          "MinNumberOfProcessors",
          "%d; allowed: at most MaxNumberOfProcessors (%d)".formatted(min, max));
    }
    if (exactly > 0 && (min > exactly || (max > 0 && max < exactly))) {
      reader.wrong(
          "NumberOfProcessors",
          "%d is not between MinNumberOfProcessors and MaxNumberOfProcessors".formatted(exactly));
    }
    if (wholeNode) {
      return new Cores(Math.max(1, Math.max(exactly, min)), Requirements.ALL_CORES);
    }
    if (min == 0 && max == 0) {
      int cores = Math.max(1, exactly);
      return new Cores(cores, cores);
    }
    return new Cores(Math.max(1, min), max > 0 ? max : Requirements.ALL_CORES);
  }

  /** MaxRAM is in GB, as in DIRAC; Memory in MB. */
  private long memory() {
    long ram = reader.number("MaxRAM", 0, MAX_RAM_GB, 0) * 1000;
    long memory = reader.number("Memory", 0, MAX_MEMORY_MB, 0);
    return Math.max(ram, memory);
  }

  private SortedSet<String> sites() {
    List<String> wanted = reader.wishes("Site");
    known("Site", wanted, limits.sites(), "site");
    List<String> banned = reader.wishes("BannedSites");
    if (!wanted.isEmpty() && banned.containsAll(wanted)) {
      reader.wrong("BannedSites", "leaves none of the wanted sites " + wanted);
    }
    return new TreeSet<>(wanted);
  }

  private SortedSet<String> bannedSites() {
    List<String> banned = new ArrayList<>(reader.wishes("BannedSites"));
    banned.addAll(reader.wishes("BannedSite"));
    known("BannedSites", banned, limits.sites(), "site");
    return new TreeSet<>(banned);
  }

  /** The platforms of nodes that can run what was built for the wanted ones. */
  private SortedSet<String> platforms() {
    List<String> wanted = reader.wishes("Platform");
    TreeSet<String> known = new TreeSet<>(limits.platforms().keySet());
    limits.platforms().values().forEach(known::addAll);
    if (!wanted.isEmpty() && known.isEmpty()) {
      reader.wrong("Platform", "no platforms are configured; leave it out");
      return new TreeSet<>();
    }
    known("Platform", wanted, known, "platform");
    TreeSet<String> able = new TreeSet<>(wanted);
    limits
        .platforms()
        .forEach(
            (node, compatible) -> {
              if (wanted.stream().anyMatch(compatible::contains)) {
                able.add(node);
              }
            });
    return able;
  }

  private void known(String attribute, List<String> given, Collection<String> known, String what) {
    if (known.isEmpty()) {
      return;
    }
    for (String name : given) {
      if (!known.contains(name)) {
        reader.wrong(
            attribute, "unknown %s \"%s\"%s".formatted(what, name, DidYouMean.hint(name, known)));
      }
    }
  }
}
