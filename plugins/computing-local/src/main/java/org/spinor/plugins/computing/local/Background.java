package org.spinor.plugins.computing.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Work that goes on after a call has answered: the end of pilots that take their time. Nothing is
 * lost when it is cut short: the next look at the pilot begins it again.
 */
final class Background implements AutoCloseable {
  /** Work that may be interrupted. */
  interface Work {
    void run() throws InterruptedException;
  }

  private final Map<String, Thread> threads = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Begins a piece of work, unless one of this name is going on. */
  void start(String name, Work work) {
    Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(name, work));
    if (!closed && threads.putIfAbsent(name, thread) == null) {
      thread.start();
    }
  }

  private void run(String name, Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(name);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads.values()) {
      thread.interrupt();
      try {
        thread.join(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
