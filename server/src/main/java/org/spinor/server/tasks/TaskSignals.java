package org.spinor.server.tasks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.database.Notifications;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Wakes workers: this server's at once, the others' by a notification at most every few
 * milliseconds. Never inside the transaction that adds work: PostgreSQL lets only one transaction
 * with a notification commit at a time. What is lost in a crash the workers' sweep finds.
 */
final class TaskSignals implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TaskSignals.class);
  private static final String CHANNEL = "tasks";
  private static final long PAUSE_MILLIS = 20;

  private final Notifications notifications;
  private final TaskTable table;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> toWake = ConcurrentHashMap.newKeySet();
  private boolean toTell;
  private volatile Runnable workers = () -> {};
  private volatile boolean closed;
  private final Thread teller;

  TaskSignals(Notifications notifications, TaskTable table) {
    this.notifications = notifications;
    this.table = table;
    this.teller = Thread.ofVirtual().name("tasks-teller").unstarted(this::tell);
  }

  /**
   * Begins to hear and to tell.
   *
   * @param wakeWorkers makes this server's workers look; returns at once
   */
  void start(Runnable wakeWorkers) {
    workers = wakeWorkers;
    notifications.listen(CHANNEL, wakeWorkers);
    teller.start();
  }

  /** There is work to do, committed. */
  void moreWork() {
    workers.run();
    lock.lock();
    try {
      toTell = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Recurrent work of this type is wanted now. Many wishes of the same moment are one. */
  void wake(String type) {
    if (toWake.add(type)) {
      lock.lock();
      try {
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  private void tell() {
    while (!closed) {
      try {
        await();
        Set<String> types = Set.copyOf(toWake);
        toWake.removeAll(types);
        if (!types.isEmpty()) {
          table.wake(types);
          workers.run();
        }
        notifications.send(CHANNEL, "");
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException | TransactionException e) {
        log.debug("cannot tell the other servers of new tasks; they find them by themselves", e);
      }
    }
  }

  private void await() throws InterruptedException {
    lock.lock();
    try {
      while (!toTell && toWake.isEmpty()) {
        changed.await();
      }
      toTell = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    teller.interrupt();
  }
}
