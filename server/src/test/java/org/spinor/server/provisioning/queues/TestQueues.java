package org.spinor.server.provisioning.queues;

import java.time.Duration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.TestElements;
import org.spinor.server.provisioning.spools.SpoolBoard;

/** The floor of the queues as one server has it. */
public final class TestQueues implements AutoCloseable {
  public final QueueStates states;
  public final QueueThreads threads;

  public TestQueues(
      TestDatabase database,
      String server,
      Pilots pilots,
      TestElements elements,
      SpoolBoard spools,
      ProvisioningProperties properties) {
    // far longer than a test process may be held still: leases end where a test ends them
    states = new QueueStates(database.jdbc(), server, Duration.ofSeconds(60));
    QueueWork work =
        new QueueWork(
            pilots,
            elements.elements,
            elements.packages,
            states,
            spools,
            new QueueWork.Manner(elements.calls, properties));
    threads = new QueueThreads(work, states, pilots, properties, Duration.ofMillis(300));
  }

  /** Whether no queue is worked on. */
  public boolean idle() {
    return threads.working().isEmpty();
  }

  @Override
  public void close() {
    threads.close();
  }
}
