package org.spinor.server.matching;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.matching.terms.RequirementClass;

/** Requirements for tests: a plain job of one user, changed where the test looks. */
public final class Asks {
  private String vo = "vo";
  private String owner = "alice";
  private String group = "user";
  private long cpuTime = 3600;
  private SortedSet<String> sites = new TreeSet<>();
  private SortedSet<String> bannedSites = new TreeSet<>();
  private SortedSet<String> ces = new TreeSet<>();
  private SortedSet<String> platforms = new TreeSet<>();
  private String jobType = "User";
  private String jobGroup = "";
  private SortedSet<String> tags = new TreeSet<>();
  private int minCores = 1;
  private int maxCores = 1;
  private boolean wholeNode;
  private long memoryMb;
  private int gpus;
  private boolean volunteers;

  public static Asks plain() {
    return new Asks();
  }

  Asks vo(String value) {
    vo = value;
    return this;
  }

  public Asks owner(String value) {
    owner = value;
    return this;
  }

  public Asks group(String value) {
    group = value;
    return this;
  }

  public Asks cpuTime(long value) {
    cpuTime = value;
    return this;
  }

  public Asks sites(String... values) {
    sites = new TreeSet<>(Set.of(values));
    return this;
  }

  Asks bannedSites(String... values) {
    bannedSites = new TreeSet<>(Set.of(values));
    return this;
  }

  Asks ces(String... values) {
    ces = new TreeSet<>(Set.of(values));
    return this;
  }

  public Asks platforms(String... values) {
    platforms = new TreeSet<>(Set.of(values));
    return this;
  }

  public Asks jobType(String value) {
    jobType = value;
    return this;
  }

  public Asks jobGroup(String value) {
    jobGroup = value;
    return this;
  }

  public Asks tags(String... values) {
    tags = new TreeSet<>(Set.of(values));
    return this;
  }

  public Asks cores(int min, int max) {
    minCores = min;
    maxCores = max;
    return this;
  }

  public Asks wholeNode() {
    wholeNode = true;
    return this;
  }

  public Asks memoryMb(long value) {
    memoryMb = value;
    return this;
  }

  Asks gpus(int value) {
    gpus = value;
    return this;
  }

  public Asks volunteers() {
    this.volunteers = true;
    return this;
  }

  public Requirements build() {
    return new Requirements(
        vo,
        owner,
        group,
        cpuTime,
        sites,
        bannedSites,
        ces,
        platforms,
        jobType,
        jobGroup,
        tags,
        minCores,
        maxCores,
        wholeNode,
        memoryMb,
        gpus,
        volunteers);
  }

  public RequirementClass numbered(int number) {
    return new RequirementClass(number, build());
  }
}
