package org.spinor.server.provisioning.elements;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;

/** Calls to plug-ins, none of which can hold its caller for longer than agreed. */
public final class TimedCalls {
  private final Duration limit;

  TimedCalls(Duration limit) {
    this.limit = limit;
  }

  /**
   * Calls on a thread of its own; what runs out of time is interrupted and counts as temporary, and
   * so does what no plug-in should throw.
   */
  public <T> T call(String what, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = Thread.ofVirtual().name("ce-" + what).start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new TemporaryException(what + ": no answer within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PluginException failure) {
        throw failure;
      }
      throw new TemporaryException(what + ": the plug-in failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new TemporaryException(what + ": interrupted", e);
    }
  }
}
