package org.spinor.server.matching.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.shares.Credits;
import org.spinor.server.matching.terms.RequirementClass;

/**
 * The waiting jobs of one class as far as this server knows them: counters, and the ids of the next
 * few. Counters may be off for a while (other servers match too); whether a job is there is only
 * ever decided by what the database said: the line is empty when a reading from its start found
 * nothing and nothing was announced since that reading began.
 *
 * <p>Guarded by the lock of {@link MatchingIndex}.
 */
public final class Line {
  private static final int FIRST_RING = 4;
  private static final int LARGEST_RING = 64;
  private static final int MOST_CONTENTION = 5;

  private final RequirementClass cls;
  private final Credits.Account account = new Credits.Account();
  private final ArrayDeque<WaitingJobs.Place> ring = new ArrayDeque<>(FIRST_RING);
  private final Set<WaitingJobs.Place> inFlight = HashSet.newHashSet(4);
  private long jobs;
  private long prioritySum;
  private boolean more;
  private boolean refilling;
  private Optional<WaitingJobs.Place> cursor = Optional.empty();
  private long announcements;
  private int ringSize = FIRST_RING;
  private int contention;

  Line(RequirementClass cls) {
    this.cls = cls;
  }

  /**
   * A reading of the line to be done without the lock.
   *
   * @param after empty: from the start
   */
  public record Refill(
      Line line,
      Optional<WaitingJobs.Place> after,
      int limit,
      Set<WaitingJobs.Place> taken,
      long announcements) {}

  public RequirementClass cls() {
    return cls;
  }

  Credits.Account account() {
    return account;
  }

  /** Waiting jobs nobody is being given at the moment. */
  public long jobs() {
    return Math.max(Math.max(jobs, 0) - inFlight.size(), ring.size());
  }

  double meanPriority() {
    return jobs > 0 ? Math.max(0, prioritySum) / (double) jobs : 1;
  }

  /** Whether a job may be had, perhaps after a reading. */
  boolean available() {
    return !ring.isEmpty() || (more && !refilling);
  }

  /** Whether it is being decided if there is a job. */
  boolean pending() {
    return refilling || !inFlight.isEmpty();
  }

  boolean idle() {
    return !available() && !pending();
  }

  /** More jobs wait. One that goes before those in the ring makes it worthless. */
  void added(long count, long priorities) {
    jobs += count;
    prioritySum += priorities;
    announced();
    if (!ring.isEmpty() && priorities > count * ring.getLast().priority()) {
      ring.clear();
    }
  }

  /** Fewer wait: killed, or matched elsewhere. Only the counters: the claim finds out. */
  void removed(long count, long priorities) {
    jobs = Math.max(0, jobs - count);
    prioritySum = Math.max(0, prioritySum - priorities);
  }

  /** The counters as the database has them. */
  void counted(long count, long priorities) {
    jobs = count;
    prioritySum = priorities;
    if (count > 0 && !available()) {
      announced();
    }
  }

  private void announced() {
    more = true;
    cursor = Optional.empty();
    announcements++;
  }

  /** The next job; empty: a {@link #refill} is needed first. */
  Optional<WaitingJobs.Place> take() {
    WaitingJobs.Place place = ring.poll();
    if (place == null) {
      return Optional.empty();
    }
    inFlight.add(place);
    return Optional.of(place);
  }

  void won(WaitingJobs.Place place) {
    inFlight.remove(place);
    removed(1, place.priority());
  }

  /** Somebody else has it or had it: what this server knows of the line is stale. */
  void lost(WaitingJobs.Place place) {
    inFlight.remove(place);
    ring.clear();
    contention = Math.min(contention + 1, MOST_CONTENTION);
    announced();
  }

  /** It was not tried after all. */
  void putBack(WaitingJobs.Place place) {
    inFlight.remove(place);
    ring.addFirst(place);
  }

  Refill refill() {
    refilling = true;
    int limit = (ringSize << contention) + inFlight.size();
    return new Refill(this, cursor, limit, Set.copyOf(inFlight), announcements);
  }

  /** The reading failed; somebody else may try. */
  void refillFailed() {
    refilling = false;
  }

  void refilled(Refill refill, List<WaitingJobs.Place> read, RandomGenerator random) {
    refilling = false;
    boolean end = read.size() < refill.limit();
    boolean whole = end && refill.after().isEmpty() && announcements == refill.announcements();
    List<WaitingJobs.Place> free =
        read.stream()
            .filter(place -> !refill.taken().contains(place) && !inFlight.contains(place))
            .toList();
    List<WaitingJobs.Place> kept = contention == 0 ? free : stretch(free, random);
    ring.addAll(kept);
    if (whole) {
      more = kept.size() < free.size();
      recount(free);
    } else {
      more = true;
    }
    boolean onward = !end && contention == 0 && announcements == refill.announcements();
    cursor = onward ? Optional.of(read.getLast()) : Optional.empty();
    contention = Math.max(0, contention - 1);
    ringSize = Math.min(2 * ringSize, LARGEST_RING);
  }

  /**
   * Where the first jobs were not to be had - other servers take them, or the asker may not have
   * them - each begins at random among those of equal priority that come next.
   */
  private List<WaitingJobs.Place> stretch(List<WaitingJobs.Place> free, RandomGenerator random) {
    if (free.isEmpty()) {
      return free;
    }
    int equal = 1;
    while (equal < free.size() && free.get(equal).priority() == free.getFirst().priority()) {
      equal++;
    }
    List<WaitingJobs.Place> turned = new ArrayList<>(free);
    Collections.rotate(turned.subList(0, equal), random.nextInt(equal));
    return turned.subList(0, Math.min(ringSize, turned.size()));
  }

  private void recount(List<WaitingJobs.Place> free) {
    jobs = (long) free.size() + inFlight.size();
    prioritySum =
        free.stream().mapToLong(WaitingJobs.Place::priority).sum()
            + inFlight.stream().mapToLong(WaitingJobs.Place::priority).sum();
  }
}
