package org.spinor.server.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Coalesces concurrent small writes: whoever calls waits, and while one batch is being committed
 * the next one fills. One statement for many callers lets PostgreSQL commit five times more than
 * one transaction each, with no delay added when it is quiet.
 *
 * @param <I> what one caller brings
 * @param <O> what one caller gets
 */
public final class Batcher<I, O> implements AutoCloseable {
  private final BlockingQueue<Entry<I, O>> queue;
  private final Function<List<I>, List<O>> work;
  private final int maxBatch;
  private final List<Thread> lanes = new ArrayList<>();

  private volatile boolean closed;

  /**
   * @param input nothing: a lane is to look whether it is wanted any more
   */
  private record Entry<I, O>(Optional<I> input, CompletableFuture<O> answer) {}

  /**
   * @param name for thread dumps
   * @param lanes batches in flight at the same time; more than one must not deadlock with each
   *     other
   * @param maxBatch callers in one batch
   * @param work one transaction for all: answers in the order of the inputs. Where it fails for
   *     several, each is tried alone, so that one bad input does not fail its neighbours
   */
  public Batcher(String name, int lanes, int maxBatch, Function<List<I>, List<O>> work) {
    this.queue = new ArrayBlockingQueue<>(100_000);
    this.work = work;
    this.maxBatch = maxBatch;
    for (int lane = 0; lane < lanes; lane++) {
      this.lanes.add(Thread.ofVirtual().name(name + "-" + lane).start(this::serve));
    }
  }

  /** Hands one input in and waits for its answer; what the work threw for it is thrown here. */
  public O submit(I input) {
    Entry<I, O> entry = new Entry<>(Optional.of(input), new CompletableFuture<>());
    try {
      queue.put(entry);
      // Closed meanwhile: nobody may take it any more.
      if (closed && queue.remove(entry)) {
        throw stopping();
      }
      return entry.answer().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void serve() {
    List<Entry<I, O>> batch = new ArrayList<>();
    while (!closed) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(batch, maxBatch - 1);
      batch.removeIf(entry -> entry.input().isEmpty());
      if (!batch.isEmpty()) {
        answer(batch);
      }
    }
    wakeOne();
  }

  /** Each lane that ends wakes the next one. */
  private void wakeOne() {
    queue.add(new Entry<>(Optional.empty(), new CompletableFuture<>()));
  }

  private void answer(List<Entry<I, O>> batch) {
    try {
      List<O> answers =
          work.apply(batch.stream().map(entry -> entry.input().orElseThrow()).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } catch (RuntimeException | Error e) {
      if (batch.size() == 1) {
        batch.getFirst().answer().completeExceptionally(e);
      } else {
        batch.forEach(entry -> answer(List.of(entry)));
      }
    }
  }

  /**
   * Stops taking work: what is being committed is finished, callers whose input was not begun are
   * told so.
   */
  @Override
  public void close() {
    closed = true;
    List<Entry<I, O>> left = new ArrayList<>();
    queue.drainTo(left);
    left.forEach(entry -> entry.answer().completeExceptionally(stopping()));
    wakeOne();
    for (Thread lane : lanes) {
      try {
        lane.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static IllegalStateException stopping() {
    return new IllegalStateException("the server is stopping");
  }
}
