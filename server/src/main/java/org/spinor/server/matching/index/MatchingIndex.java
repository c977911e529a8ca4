package org.spinor.server.matching.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.matching.shares.Credits;
import org.spinor.server.matching.shares.Shares;
import org.spinor.server.matching.terms.OfferTerms;
import org.spinor.server.matching.terms.RequirementClass;
import org.spinor.server.matching.terms.Vocabulary;

/**
 * The waiting line of this server in memory: which classes wait, which offers may take them, whose
 * turn it is. It proposes; the claim in the database decides.
 *
 * <p>All calls are short and under one lock; nothing here talks to the database.
 */
public final class MatchingIndex {
  private static final int SMALL = 4096;

  private final Shares shares;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;
  private ShareTree tree;
  private Columns columns;
  private Vocabulary vocabulary;
  private Views views;

  public MatchingIndex(Shares shares, RandomGenerator random) {
    this.shares = shares;
    this.random = random;
    this.tree = new ShareTree(shares, Map.of());
    this.columns = new Columns();
    this.vocabulary = new Vocabulary();
    this.views = new Views();
  }

  /** Whether this server knows the class, so that nothing has to be read of it. */
  boolean knows(int classNumber) {
    return locked(() -> tree.slotOf(classNumber).isPresent());
  }

  /** More jobs wait in a class. */
  public void added(RequirementClass cls, long jobs, long prioritySum) {
    change(
        () -> {
          ShareTree.Slot slot = slotOf(cls);
          slot.line().added(jobs, prioritySum);
          tree.update(slot);
        });
  }

  /** Fewer jobs wait in a class, not by a pick of this server. */
  void removed(int classNumber, long jobs, long prioritySum) {
    change(
        () ->
            tree.slotOf(classNumber)
                .ifPresent(
                    slot -> {
                      slot.line().removed(jobs, prioritySum);
                      tree.update(slot);
                    }));
  }

  /** So much waits in a class, by the database. */
  void counted(RequirementClass cls, long jobs, long prioritySum) {
    change(
        () -> {
          ShareTree.Slot slot = slotOf(cls);
          slot.line().counted(jobs, prioritySum);
          tree.update(slot);
        });
  }

  private ShareTree.Slot slotOf(RequirementClass cls) {
    return tree.slotOf(cls.number()).orElseGet(() -> add(new Line(cls)));
  }

  private ShareTree.Slot add(Line line) {
    ShareTree.Slot slot = tree.add(line);
    columns.set(slot.number(), line.cls());
    vocabulary.add(line.cls().asks());
    views.added(slot);
    return slot;
  }

  /** Numbers of the classes that are thought to have waiting jobs. */
  public List<Integer> waitingClasses() {
    return locked(
        () ->
            tree.lines().stream()
                .filter(line -> line.jobs() > 0)
                .map(line -> line.cls().number())
                .toList());
  }

  /** Lays everything out anew, with the shares as they are now. */
  void rebuild() {
    change(() -> layOut(tree.lines()));
  }

  /**
   * Lays everything out anew where it is worth it: shares may have changed, or most classes are
   * idle and in the way.
   */
  void tidy(boolean sharesChange) {
    change(
        () -> {
          List<Line> lines = tree.lines();
          List<Line> busy = lines.stream().filter(line -> !line.idle()).toList();
          if (lines.size() > SMALL && busy.size() < lines.size() / 2) {
            layOut(busy);
          } else if (sharesChange) {
            layOut(lines);
          }
        });
  }

  private void layOut(List<Line> lines) {
    tree = new ShareTree(shares, tree.accounts());
    columns = new Columns();
    vocabulary = new Vocabulary();
    views = new Views();
    lines.forEach(this::add);
  }

  /** One job for the offer, or what to do to find out that there is none. */
  public Step step(OfferTerms offer) {
    return locked(
        () -> {
          long[] eligible = eligible(offer);
          Optional<ShareTree.Slot> next = tree.next(eligible);
          if (next.isEmpty()) {
            return tree.undecided(eligible) ? new Step.Undecided(changes) : new Step.Nothing();
          }
          return take(next.get(), offer.room());
        });
  }

  private Step take(ShareTree.Slot slot, OfferTerms.Room room) {
    Line line = slot.line();
    Optional<WaitingJobs.Place> place = line.take();
    if (place.isEmpty()) {
      Line.Refill refill = line.refill();
      tree.update(slot);
      return new Step.Read(refill);
    }
    var asks = line.cls().asks();
    int cores = asks.wholeNode() ? room.cores() : Math.min(asks.maxCores(), room.cores());
    List<Credits.Charge> charges = tree.charge(cores);
    tree.update(slot);
    return new Step.Taken(new Step.Pick(line, place.get(), cores, asks.memoryMb(), charges));
  }

  /** What was read of a line. */
  public void refilled(Line.Refill refill, List<WaitingJobs.Place> read) {
    changeLine(refill.line(), line -> line.refilled(refill, read, random));
  }

  public void refillFailed(Line.Refill refill) {
    changeLine(refill.line(), Line::refillFailed);
  }

  /** How picks ended. */
  public void settle(List<Step.Pick> picks, List<Step.Settled> ends) {
    change(
        () -> {
          // The last first: what goes back to the head of a line is then in its old order.
          for (int i = picks.size() - 1; i >= 0; i--) {
            settle(picks.get(i), ends.get(i));
          }
        });
  }

  private void settle(Step.Pick pick, Step.Settled end) {
    Line line = pick.line();
    switch (end) {
      case WON -> line.won(pick.place());
      case LOST -> line.lost(pick.place());
      case BACK -> line.putBack(pick.place());
    }
    if (end != Step.Settled.WON) {
      pick.charges().forEach(Credits.Charge::undo);
    }
    tree.slotOf(line.cls().number()).ifPresent(tree::update);
  }

  /** Waits until something changed since the given change, or for the time. */
  public void awaitChange(long since, long milliseconds) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(milliseconds);
      while (changes == since && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Each class with waiting jobs that the offer may take. */
  public void fitting(OfferTerms offer, Consumer<Line> each) {
    locked(
        () -> {
          long[] eligible = eligible(offer);
          for (int word = 0; word < tree.words(); word++) {
            for (long rest = eligible[word] & tree.waiting(word); rest != 0; rest &= rest - 1) {
              each.accept(tree.slot((word << 6) + Long.numberOfTrailingZeros(rest)).line());
            }
          }
          return true;
        });
  }

  /** The classes with waiting jobs, at most so many. */
  public List<RequirementClass> waiting(int limit) {
    return locked(
        () -> {
          List<RequirementClass> waiting = new ArrayList<>();
          for (Line line : tree.lines()) {
            if (waiting.size() == limit) {
              break;
            }
            if (!line.idle()) {
              waiting.add(line.cls());
            }
          }
          return waiting;
        });
  }

  /** For tests and monitoring. */
  public int classes() {
    return locked(tree::size);
  }

  /** Equal for offers that are the same to all classes known now. */
  public OfferTerms canonical(OfferTerms offer) {
    return locked(() -> vocabulary.canonical(offer));
  }

  private long[] eligible(OfferTerms offer) {
    return views.of(vocabulary.canonical(offer), columns, tree).eligible(tree.words());
  }

  private void changeLine(Line line, Consumer<Line> action) {
    change(
        () -> {
          action.accept(line);
          tree.slotOf(line.cls().number()).ifPresent(tree::update);
        });
  }

  private void change(Runnable action) {
    lock.lock();
    try {
      action.run();
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }
}
