package org.spinor.server.matching.terms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.spinor.server.jobs.Requirements;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one form of requirements that mean the same. */
public final class Canonical {
  private static final SortedSet<String> NONE = Collections.unmodifiableSortedSet(new TreeSet<>());
  private static final JsonMapper JSON =
      JsonMapper.builder()
          // What a class does not say is false: forms of earlier servers know fewer words.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Canonical() {}

  /**
   * Rounds the CPU time up to its segment (what is beyond the last segment stays as it is: a job is
   * never sent where its time does not fit), and forgets the job group unless it is one that a
   * limit or a delay names.
   */
  static Requirements of(
      Requirements asks, List<Long> cpuTimeIntervals, Set<String> namedJobGroups) {
    return new Requirements(
        asks.vo(),
        asks.owner(),
        asks.ownerGroup(),
        segment(asks.cpuTime(), cpuTimeIntervals),
        sorted(asks.sites()),
        sorted(asks.bannedSites()),
        sorted(asks.ces()),
        sorted(asks.platforms()),
        asks.jobType(),
        namedJobGroups.contains(asks.jobGroup()) ? asks.jobGroup() : "",
        sorted(asks.tags()),
        Math.max(1, asks.minCores()),
        Math.max(Math.max(1, asks.minCores()), asks.maxCores()),
        asks.wholeNode(),
        Math.max(0, asks.memoryMb()),
        Math.max(0, asks.gpus()),
        asks.volunteers());
  }

  private static long segment(long cpuTime, List<Long> intervals) {
    for (long interval : intervals) {
      if (cpuTime <= interval) {
        return interval;
      }
    }
    return cpuTime;
  }

  private static SortedSet<String> sorted(SortedSet<String> values) {
    return values.isEmpty() ? NONE : Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  /** The same requirements without sites: equal for the classes of one family. */
  public static Requirements anywhere(Requirements asks) {
    return new Requirements(
        asks.vo(),
        asks.owner(),
        asks.ownerGroup(),
        asks.cpuTime(),
        NONE,
        NONE,
        asks.ces(),
        asks.platforms(),
        asks.jobType(),
        asks.jobGroup(),
        asks.tags(),
        asks.minCores(),
        asks.maxCores(),
        asks.wholeNode(),
        asks.memoryMb(),
        asks.gpus(),
        asks.volunteers());
  }

  static String json(Requirements canonical) {
    return JSON.writeValueAsString(canonical);
  }

  static Requirements fromJson(String json) {
    return JSON.readValue(json, Requirements.class);
  }

  static byte[] digest(String json) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
