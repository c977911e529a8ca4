package org.spinor.pilot;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spinor.api.Assignment;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.wrapper.WrapperResult;

/**
 * Asks for work while there is room on the node, starts what comes, and decides when the pilot has
 * nothing more to do.
 */
final class WorkLoop {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** However fast jobs end: not more often than this is asked. */
  private static final Duration BETWEEN_ASKS = Duration.ofSeconds(1);

  /** How often time, idleness and the drain file are looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ServerLink link;
  private final WorkSettings settings;
  private final Offers offers;
  private final Slots slots;
  private final Log log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Ending draining;
  private @Nullable String stopping;
  private @Nullable RunningJobs jobs;
  private boolean stopped;
  private int started;
  private int emptyAnswers;
  private int hostFailures;
  private long idleSince = System.nanoTime();

  /** Jobs that have ended. */
  private long endings;

  private long nextAsk = System.nanoTime();
  private long serverAwaySince;

  WorkLoop(ServerLink link, WorkSettings settings, Offers offers, Slots slots, Log log) {
    this.link = link;
    this.settings = settings;
    this.offers = offers;
    this.slots = slots;
    this.log = log;
  }

  /** No more work is asked for; what runs goes on. The first reason counts. */
  void drain(Ending reason) {
    lock.lock();
    try {
      if (draining == null) {
        log.info("no more work is asked for: " + reason.reason());
        draining = reason;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The pilot must end now: what runs may go on for the grace and is then given back. Returns when
   * that is done; to be called from another thread than {@link #run}, which may hang in a request.
   */
  void stop(String why) throws InterruptedException {
    lock.lock();
    try {
      stopping = why;
      changed.signalAll();
      if (jobs != null) {
        finishNow(jobs, why);
      }
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** To be called when a job's wrapper is done. */
  void ended(Assignment job, WrapperResult result) {
    lock.lock();
    try {
      slots.free(job);
      idleSince = System.nanoTime();
      // what there was nothing for before, or is being asked for, says nothing of what is free now
      emptyAnswers = 0;
      endings++;
      nextAsk = Math.min(nextAsk, System.nanoTime() + BETWEEN_ASKS.toNanos());
      hostFailures = result == WrapperResult.NODE_FAILED ? hostFailures + 1 : 0;
      log.info("job " + job.jobId() + " is over: " + result);
      // before anybody can ask for the next one
      if (hostFailures >= settings.ending().maxHostFailures()) {
        drain(new Ending(false, hostFailures + " attempts in a row were failed by this node"));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Works until there is a reason to end and nothing runs any more. */
  Ending run(RunningJobs running) throws InterruptedException {
    jobs = running;
    while (true) {
      Optional<Ending> end = end();
      if (end.isPresent()) {
        return end.get();
      }
      if (mayAsk()) {
        ask(running);
      }
      pause();
    }
  }

  private Optional<Ending> end() throws InterruptedException {
    lock.lock();
    try {
      String stop = stopping;
      if (stop != null) {
        while (!stopped) {
          changed.await();
        }
        return Optional.of(new Ending(true, stop));
      }
      checkReasons();
      Ending reason = draining;
      return reason != null && slots.idle() ? Optional.of(reason) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held. */
  private void finishNow(RunningJobs running, String why) throws InterruptedException {
    running.slotEnds(why);
    log.info(why + "; jobs that run: " + running.attempts());
    awaitIdle(settings.ending().stopGrace());
    Duration limit = settings.ending().stopLimit();
    running.giveAllBack(why, limit.multipliedBy(2).dividedBy(3));
    if (!awaitIdle(limit)) {
      log.error("not finished in time: " + running.attempts());
    }
  }

  private boolean awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    while (!slots.idle() && left > 0) {
      left = changed.awaitNanos(left);
    }
    return slots.idle();
  }

  private void checkReasons() {
    WorkSettings.Ending ending = settings.ending();
    Duration idle = Duration.ofNanos(System.nanoTime() - idleSince);
    if (draining != null) {
      return;
    }
    if (settings.maxJobs() > 0 && started >= settings.maxJobs()) {
      drain(new Ending(true, "it has had its " + started + " jobs"));
    } else if (offers.timeShort(ending.minTimeLeft())) {
      drain(new Ending(true, "the time left in the slot is short"));
    } else if (ending.drainFile().isPresent() && Files.exists(ending.drainFile().get())) {
      drain(new Ending(true, "the file " + ending.drainFile().get() + " says so"));
    } else if (slots.idle() && serverAwaySince == 0) {
      checkIdle(ending, idle);
    } else if (slots.idle()
        && System.nanoTime() - serverAwaySince > ending.serverPatience().toNanos()) {
      drain(
          new Ending(
              false, "the server is away since " + ending.serverPatience().toSeconds() + " s"));
    }
  }

  private void checkIdle(WorkSettings.Ending ending, Duration idle) {
    boolean enough = ending.maxEmptyAnswers() > 0 && emptyAnswers >= ending.maxEmptyAnswers();
    if (emptyAnswers > 0 && (enough || idle.compareTo(ending.idle()) >= 0)) {
      drain(
          new Ending(
              true, "no work for " + idle.toSeconds() + " s, " + emptyAnswers + " times asked"));
    }
  }

  private boolean mayAsk() {
    lock.lock();
    try {
      return draining == null
          && stopping == null
          && slots.freeJobs() > 0
          && System.nanoTime() - nextAsk >= 0;
    } finally {
      lock.unlock();
    }
  }

  private void ask(RunningJobs running) throws InterruptedException {
    WorkRequest request;
    long endingsThen;
    lock.lock();
    try {
      endingsThen = endings;
      int most = slots.freeJobs();
      if (settings.maxJobs() > 0) {
        most = Math.min(most, settings.maxJobs() - started);
      }
      request = new WorkRequest(UUID.randomUUID().toString(), offers.of(slots), most);
    } finally {
      lock.unlock();
    }
    Optional<WorkAnswer> answer = repeated(request);
    if (answer.isPresent()) {
      take(answer.get(), endingsThen, running);
    }
  }

  /** The same request until it is answered: its id makes sure that a lost answer loses no job. */
  private Optional<WorkAnswer> repeated(WorkRequest request) throws InterruptedException {
    Backoff backoff = new Backoff(settings.ending().retryPause(), LONGEST_PAUSE);
    while (true) {
      try {
        WorkAnswer answer = link.askForWork(request);
        serverAwaySince = 0;
        return Optional.of(answer);
      } catch (RuntimeException e) {
        if (!worthRepeating(e, backoff)) {
          return Optional.empty();
        }
      }
      lock.lock();
      try {
        long left = backoff.next().toNanos();
        while (left > 0 && stopping == null && draining == null) {
          left = changed.awaitNanos(left);
        }
        checkReasons();
        if (stopping != null || draining != null) {
          return Optional.empty();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean worthRepeating(RuntimeException failure, Backoff backoff) {
    return switch (Fault.of(failure)) {
      case TEMPORARY -> {
        if (backoff.failures() == 0) {
          log.warn("the server cannot be asked for work: " + failure.getMessage());
        }
        serverAwaySince = serverAwaySince == 0 ? System.nanoTime() : serverAwaySince;
        yield true;
      }
      case STALE, DENIED, REFUSED -> {
        drain(new Ending(false, "the server gives no work: " + failure.getMessage()));
        yield false;
      }
    };
  }

  private void take(WorkAnswer answer, long endingsThen, RunningJobs running) {
    lock.lock();
    try {
      if (stopping != null) {
        answer.jobs().forEach(this::refuse);
        return;
      }
      for (Assignment job : answer.jobs()) {
        if (!running.contains(job)) {
          started++;
          Map<String, String> gpus = slots.take(job);
          log.info(
              "job "
                  + job.jobId()
                  + ", attempt "
                  + job.attempt()
                  + ": "
                  + job.cores()
                  + " cores, "
                  + job.memoryMb()
                  + " MB");
          running.start(job, gpus);
        }
      }
      if (!answer.jobs().isEmpty()) {
        emptyAnswers = 0;
        nextAsk = System.nanoTime();
      } else if (endings == endingsThen) {
        emptyAnswers++;
        log.info("no work: " + answer.reason());
        Duration wait = Duration.ofSeconds(Math.max(1, answer.waitSeconds()));
        nextAsk = System.nanoTime() + Backoff.jittered(wait).toNanos();
      }
    } finally {
      lock.unlock();
    }
    if (answer.drain()) {
      drain(new Ending(true, "the server wants no more of this pilot: " + answer.reason()));
    }
  }

  /** A job that came when the pilot had begun to end. */
  private void refuse(Assignment job) {
    try {
      link.job(job).requeue("the pilot was ending when the job came");
    } catch (RuntimeException e) {
      log.error("job " + job.jobId() + " could not be given back: " + e.getMessage());
    }
  }

  /** Waits until something happens or it is time to ask or to look at the clock. */
  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long look = System.nanoTime() + LOOK.toNanos();
      while (!somethingToDo() && System.nanoTime() - look < 0) {
        changed.awaitNanos(Math.min(untilAsk(), look - System.nanoTime()));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean somethingToDo() {
    return stopping != null || (draining != null && slots.idle()) || untilAsk() <= 0;
  }

  /** Time until more work may be asked for, in nanoseconds. */
  private long untilAsk() {
    boolean room = slots.freeJobs() > 0 && draining == null;
    return room ? nextAsk - System.nanoTime() : Long.MAX_VALUE;
  }
}
