package org.spinor.server.database;

import java.util.ArrayList;
import java.util.List;
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

  private record Entry<I, O>(I input, CompletableFuture<O> answer) {}

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
    CompletableFuture<O> answer = new CompletableFuture<>();
    try {
      queue.put(new Entry<>(input, answer));
      return answer.join();
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
    while (true) {
      try {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, maxBatch - 1);
      } catch (InterruptedException e) {
        return;
      }
      answer(batch);
    }
  }

  private void answer(List<Entry<I, O>> batch) {
    try {
      List<O> answers = work.apply(batch.stream().map(Entry::input).toList());
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

  /** Stops taking work; callers whose input was not begun are told so. */
  @Override
  public void close() {
    lanes.forEach(Thread::interrupt);
    List<Entry<I, O>> left = new ArrayList<>();
    queue.drainTo(left);
    left.forEach(
        entry ->
            entry
                .answer()
                .completeExceptionally(new IllegalStateException("the server is stopping")));
  }
}
