package org.spinor.server.matching.usage;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitRules;
import org.spinor.server.matching.rules.SiteState;
import org.spinor.server.resources.Sites;

/** What holds at places now: bans, limits that are reached, delays that have not passed. */
public final class SiteStates {
  private static final long FRESH_ENOUGH = Duration.ofSeconds(1).toNanos();

  private final Sites sites;
  private final CurrentRules rules;
  private final LimitTable table;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  public SiteStates(Sites sites, CurrentRules rules, LimitTable table) {
    this.sites = sites;
    this.rules = rules;
    this.table = table;
  }

  /**
   * Counters and delays of a site as they were read.
   *
   * @param at when the reading began, by {@link System#nanoTime}
   * @param waits milliseconds from then
   */
  private record Reading(long at, Map<LimitKey, Long> running, Map<LimitKey, Long> waits) {}

  /** The state of a place, not older than a second. */
  public SiteState of(String site, String ce) {
    return since(System.nanoTime() - FRESH_ENOUGH, site, ce);
  }

  /**
   * The state of a place, read after the given moment.
   *
   * @param nanoTime of {@link System#nanoTime}
   */
  public SiteState since(long nanoTime, String site, String ce) {
    boolean usable = site.isEmpty() || sites.usable(site).orElse(true);
    LimitRules now = rules.now();
    if (!now.touch(site)) {
      return usable ? SiteState.OPEN : new SiteState(false, Set.of(), Set.of());
    }
    Reading reading = reading(site, nanoTime);
    Set<LimitKey> full = new HashSet<>();
    now.limitsOf(site)
        .forEach(
            (key, limit) -> {
              if (key.isAt(site, ce) && reading.running.getOrDefault(key, 0L) >= limit) {
                full.add(key);
              }
            });
    Set<LimitKey> delayed = new HashSet<>();
    long passed = (System.nanoTime() - reading.at) / 1_000_000;
    reading.waits.forEach(
        (key, wait) -> {
          if (wait > passed && now.delaysOf(site).containsKey(key)) {
            delayed.add(key);
          }
        });
    return new SiteState(usable, full, delayed);
  }

  /** How many more may start under a limit, by the last reading. */
  public long free(LimitKey key, int limit) {
    Reading reading = readings.get(key.site());
    return limit - (reading == null ? 0 : reading.running.getOrDefault(key, 0L));
  }

  /** How many run under a limit, by the last reading. */
  public long running(LimitKey key) {
    Reading reading = readings.get(key.site());
    return reading == null ? 0 : reading.running.getOrDefault(key, 0L);
  }

  private Reading reading(String site, long nanoTime) {
    Reading last = readings.get(site);
    if (last != null && last.at - nanoTime >= 0) {
      return last;
    }
    ReentrantLock lock = locks.computeIfAbsent(site, key -> new ReentrantLock());
    lock.lock();
    try {
      Reading meanwhile = readings.get(site);
      if (meanwhile != null && meanwhile.at - nanoTime >= 0) {
        return meanwhile;
      }
      long at = System.nanoTime();
      Reading fresh = new Reading(at, table.running(site), table.waits(site));
      readings.put(site, fresh);
      return fresh;
    } finally {
      lock.unlock();
    }
  }
}
