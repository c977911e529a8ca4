package org.spinor.server.provisioning.queues;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.PilotStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.Elements;
import org.springframework.dao.DataAccessException;

/**
 * The work on queues, a thread for each queue that has some. A queue is worked on by one server at
 * a time; the lease in the database, renewed while the work goes on, says by which.
 */
public final class QueueThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueThreads.class);

  private final QueueWork work;
  private final QueueStates states;
  private final Pilots pilots;
  private final ProvisioningProperties properties;
  private final Map<Pilots.Queue, Thread> working = new ConcurrentHashMap<>();
  private final Thread keeper;
  private volatile boolean closed;

  /**
   * @param renewal how often leases are renewed
   */
  QueueThreads(
      QueueWork work,
      QueueStates states,
      Pilots pilots,
      ProvisioningProperties properties,
      Duration renewal) {
    this.work = work;
    this.states = states;
    this.pilots = pilots;
    this.properties = properties;
    this.keeper = Thread.ofVirtual().name("queue-leases").start(() -> keepLeases(renewal));
  }

  /** Works on the queue, unless somebody is at it already. */
  public void start(Configuration.Queue queue, QueueState state) {
    Pilots.Queue key = Elements.key(queue);
    if (closed || working.containsKey(key)) {
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("queue-" + key.ce() + "-" + key.name())
            .unstarted(() -> run(queue, key, state));
    if (working.putIfAbsent(key, thread) == null) {
      thread.start();
    }
  }

  private void run(Configuration.Queue queue, Pilots.Queue key, QueueState state) {
    try {
      if (!states.take(key)) {
        return;
      }
      if (state.breaker() == QueueState.Breaker.OPEN) {
        states.probe(key);
      }
      try {
        work.run(queue, state);
      } finally {
        states.release(key);
      }
    } catch (RuntimeException e) {
      // Its own queue waits for the next cycle; no other one notices.
      if (!closed) {
        log.error("the work on {} stumbled", key, e);
      }
    } finally {
      working.remove(key);
    }
  }

  private void keepLeases(Duration renewal) {
    while (!closed) {
      try {
        Thread.sleep(renewal);
        if (!working.isEmpty()) {
          states.renew();
        }
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException e) {
        log.warn("the leases of queues are not renewed: {}", e.getMessage());
      }
    }
  }

  /** A queue that is not configured any more: what is known of its pilots ends in time. */
  public void abandon(Pilots.Queue key) {
    pilots.cancelled(
        pilots.toCancel(key, Set.of(), Integer.MAX_VALUE).stream()
            .map(Pilots.Placed::stamp)
            .toList());
    List<String> unsent =
        pilots.unsent(key, Set.of(), Integer.MAX_VALUE).stream().map(Pilots.Unsent::stamp).toList();
    pilots.ended(unsent, PilotStatus.Deleted, "its queue is no longer in the configuration");
    for (Pilots.Silent pilot :
        pilots.silent(key, Set.of(), properties.believeUnknown(), properties.atOnce())) {
      pilots.ended(
          List.of(pilot.stamp()),
          PilotStatus.Aborted,
          "silent, and its queue is no longer in the configuration");
    }
  }

  /** Queues that this server works on now. */
  Set<Pilots.Queue> working() {
    return Set.copyOf(working.keySet());
  }

  @Override
  public void close() {
    closed = true;
    keeper.interrupt();
    working.values().forEach(Thread::interrupt);
  }
}
