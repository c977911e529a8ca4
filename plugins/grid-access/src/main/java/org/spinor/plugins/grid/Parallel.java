package org.spinor.plugins.grid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;

/** Work on single files, for which the service has no bulk request: a few at a time. */
public final class Parallel {
  /** As many connections as one client may fairly have. */
  private static final int AT_ONCE = 8;

  private Parallel() {}

  /** What is done to one item. */
  public interface Work<K, T> {
    T of(K item);
  }

  /** How it went for one item: with a value, or not. */
  public sealed interface Result<T> {
    record Value<T>(T value) implements Result<T> {}

    record Failure<T>(PluginException reason) implements Result<T> {}
  }

  /**
   * Does it to all.
   *
   * @throws TemporaryException this thread was interrupted
   */
  public static <K, T> Map<K, Result<T>> each(List<K> items, Work<K, T> work) {
    Map<K, Result<T>> results = new LinkedHashMap<>();
    Semaphore permits = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Result<T>>> futures = new ArrayList<>();
      for (K item : items) {
        futures.add(
            threads.submit(
                () -> {
                  permits.acquire();
                  try {
                    return new Result.Value<>(work.of(item));
                  } catch (PluginException e) {
                    return new Result.Failure<>(e);
                  } finally {
                    permits.release();
                  }
                }));
      }
      try {
        for (int i = 0; i < items.size(); i++) {
          results.put(items.get(i), futures.get(i).get());
        }
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new TemporaryException("interrupted", e);
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw new IllegalStateException(e.getCause());
      }
    }
    return results;
  }
}
