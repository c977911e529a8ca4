package org.spinor.plugins.grid;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Services in use: elements with equal keys share one, with its connections and what it remembers,
 * and it is closed with the last of them.
 *
 * @param <K> the service and who the server is there
 */
public final class SharedServices<K, S extends AutoCloseable> {
  private final Map<K, Used<S>> used = new HashMap<>();

  private static final class Used<S> {
    private final S service;
    private int elements;

    Used(S service) {
      this.service = service;
    }
  }

  /**
   * A share in a service.
   *
   * @param release gives it up; the second time it does nothing
   */
  public record Share<S>(S service, Runnable release) {}

  /** A share in the service of this key, which is made where there is none. */
  public synchronized Share<S> share(K key, Supplier<S> maker) {
    Used<S> one = used.computeIfAbsent(key, any -> new Used<>(maker.get()));
    one.elements++;
    AtomicBoolean released = new AtomicBoolean();
    return new Share<>(
        one.service,
        () -> {
          if (!released.getAndSet(true)) {
            release(key);
          }
        });
  }

  private synchronized void release(K key) {
    Used<S> one = used.get(key);
    if (one != null && --one.elements == 0) {
      used.remove(key);
      try {
        one.service.close();
      } catch (Exception e) {
        throw new IllegalStateException("a service cannot be closed", e);
      }
    }
  }
}
