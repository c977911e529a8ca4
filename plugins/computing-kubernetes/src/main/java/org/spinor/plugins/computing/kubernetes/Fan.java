package org.spinor.plugins.computing.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;

/** Does the same for many items, some at a time: the API server takes them one by one only. */
final class Fan {
  private static final int AT_ONCE = 16;

  private Fan() {}

  /** What came of one item: a value, or a failure. */
  sealed interface Outcome<V> {
    record Value<V>(V value) implements Outcome<V> {}

    record Failure<V>(PluginException reason) implements Outcome<V> {}
  }

  /**
   * Calls the function for each item.
   *
   * @return an outcome for every item, in their order; those that were not reached within the limit
   *     have failed for the time being
   * @throws TemporaryException the thread was interrupted
   */
  static <K, V> Map<K, Outcome<V>> out(List<K> items, Duration limit, Function<K, V> function) {
    Map<K, Outcome<V>> outcomes = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
    try {
      List<Callable<V>> calls = new ArrayList<>();
      items.forEach(item -> calls.add(() -> function.apply(item)));
      long millis = Math.max(1, limit.toMillis());
      List<Future<V>> answers = threads.invokeAll(calls, millis, TimeUnit.MILLISECONDS);
      for (int i = 0; i < items.size(); i++) {
        outcomes.put(items.get(i), outcome(answers.get(i)));
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <V> Outcome<V> outcome(Future<V> answer) throws InterruptedException {
    try {
      return new Outcome.Value<>(answer.get());
    } catch (CancellationException e) {
      return new Outcome.Failure<>(new TemporaryException("not reached in time", e));
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case PluginException reason -> new Outcome.Failure<>(reason);
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        case null, default -> throw new IllegalStateException(e.getCause());
      };
    }
  }
}
