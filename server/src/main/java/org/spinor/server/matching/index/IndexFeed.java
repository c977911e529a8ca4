package org.spinor.server.matching.index;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.jobs.WaitingNotices;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.RequirementClass;
import org.springframework.context.event.EventListener;

/**
 * Keeps the index in step with the line: events of this server, notices of the others, and a count
 * of everything now and then, in case one was missed.
 */
public final class IndexFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IndexFeed.class);
  private static final Duration COUNT_EVERY = Duration.ofMinutes(1);

  /** A count may take so much of the time between two counts. */
  private static final int PATIENCE = 50;

  private final MatchingIndex index;
  private final ClassStore classes;
  private final WaitingJobs line;
  private final Upkeep upkeep;
  private final Object counting = new Object();

  /** What was announced while a count is under way; null: none is. */
  private @Nullable Map<Integer, long[]> meanwhile;

  private volatile boolean closed;
  private volatile boolean missed;
  private @Nullable Thread thread;

  /** What else this server does for its memory, each minute. */
  public interface Upkeep {
    void run();
  }

  public IndexFeed(MatchingIndex index, ClassStore classes, WaitingJobs line, Upkeep upkeep) {
    this.index = index;
    this.classes = classes;
    this.line = line;
    this.upkeep = upkeep;
  }

  /** Counts what waits, then listens. */
  void start(Notifications notifications) {
    long began = System.nanoTime();
    upkeep.run();
    count();
    log.info(
        "{} classes of waiting jobs, counted in {} ms",
        index.waitingClasses().size(),
        (System.nanoTime() - began) / 1_000_000);
    notifications.listen(
        WaitingNotices.CHANNEL,
        new Notifications.Listener() {
          @Override
          public void heard(String payload) {
            notice(payload);
          }

          @Override
          public void missed() {
            wake();
          }
        });
    thread = Thread.ofVirtual().name("matching-count").start(this::keepCounting);
  }

  public MatchingIndex index() {
    return index;
  }

  /** A count is wanted soon. */
  void wake() {
    synchronized (counting) {
      missed = true;
      counting.notifyAll();
    }
  }

  private void keepCounting() {
    long pause = COUNT_EVERY.toMillis();
    while (!closed) {
      try {
        synchronized (counting) {
          if (!missed) {
            counting.wait(pause);
          }
          missed = false;
        }
        if (closed) {
          return;
        }
        long began = System.nanoTime();
        upkeep.run();
        count();
        long took = (System.nanoTime() - began) / 1_000_000;
        pause = Math.max(COUNT_EVERY.toMillis(), PATIENCE * took);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("the waiting line was not counted, trying again in a minute: {}", e.toString());
      }
    }
  }

  @EventListener
  public void waiting(JobEvents.Waiting event) {
    // Read inside the transaction: after the commit the connection is not ours to use.
    Map<Integer, RequirementClass> known = known(event.more());
    Transactions.afterCommit(() -> event.more().forEach(count -> more(known, count)));
  }

  @EventListener
  public void noLongerWaiting(JobEvents.NoLongerWaiting event) {
    Transactions.afterCommit(() -> event.fewer().forEach(this::fewer));
  }

  private void notice(String payload) {
    WaitingNotices.Notice notice = WaitingNotices.decode(payload);
    if (notice.isOwn()) {
      return;
    }
    List<WaitingJobs.Count> more =
        notice.changes().stream().filter(change -> change.jobs() > 0).toList();
    Map<Integer, RequirementClass> known = known(more);
    more.forEach(count -> more(known, count));
    notice.changes().stream()
        .filter(change -> change.jobs() < 0)
        .map(
            change ->
                new WaitingJobs.Count(change.classNumber(), -change.jobs(), -change.prioritySum()))
        .forEach(this::fewer);
  }

  private Map<Integer, RequirementClass> known(List<WaitingJobs.Count> counts) {
    return classes.numbered(counts.stream().map(WaitingJobs.Count::classNumber).toList());
  }

  private void more(Map<Integer, RequirementClass> known, WaitingJobs.Count count) {
    RequirementClass cls = known.get(count.classNumber());
    if (cls == null) {
      log.error("jobs wait in class {}, which does not exist", count.classNumber());
      return;
    }
    synchronized (counting) {
      if (meanwhile != null) {
        long[] sums = meanwhile.computeIfAbsent(count.classNumber(), number -> new long[2]);
        sums[0] += count.jobs();
        sums[1] += count.prioritySum();
      }
      index.added(cls, count.jobs(), count.prioritySum());
    }
  }

  private void fewer(WaitingJobs.Count count) {
    index.removed(count.classNumber(), count.jobs(), count.prioritySum());
  }

  /**
   * Counts the whole line. What is announced meanwhile is added to what was counted: a job may so
   * be counted twice, never not at all, and a reading of its line corrects it.
   */
  public void count() {
    synchronized (counting) {
      meanwhile = new HashMap<>();
    }
    try {
      Map<Integer, WaitingJobs.Count> counts = new HashMap<>();
      line.counts(count -> counts.put(count.classNumber(), count));
      Map<Integer, RequirementClass> known = classes.numbered(counts.keySet());
      synchronized (counting) {
        install(counts, known, meanwhile == null ? Map.of() : meanwhile);
      }
    } finally {
      synchronized (counting) {
        meanwhile = null;
      }
    }
  }

  private void install(
      Map<Integer, WaitingJobs.Count> counts,
      Map<Integer, RequirementClass> known,
      Map<Integer, long[]> added) {
    Set<Integer> numbers = new TreeSet<>(index.waitingClasses());
    numbers.addAll(known.keySet());
    Map<Integer, RequirementClass> all = new HashMap<>(classes.numbered(numbers));
    all.putAll(known);
    long[] none = new long[2];
    all.forEach(
        (number, cls) -> {
          WaitingJobs.Count count =
              counts.getOrDefault(number, new WaitingJobs.Count(number, 0, 0));
          long[] more = added.getOrDefault(number, none);
          index.counted(cls, count.jobs() + more[0], count.prioritySum() + more[1]);
        });
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
