package org.spinor.server.provisioning.cycle;

import java.time.Clock;
import java.util.List;
import org.spinor.api.QueueInfo;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningProperties;
import org.spinor.server.provisioning.elements.TestElements;
import org.spinor.server.provisioning.queues.TestQueues;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;

/** The cycle as one server has it; it runs when a test says so. */
public final class TestCycle {
  private final ProvisioningCycle cycle;
  private final QueueBoard board;

  public TestCycle(
      Demand demand,
      Pilots pilots,
      TestElements elements,
      TestQueues queues,
      SpoolBoard spools,
      SiteStatuses statuses,
      ProvisioningProperties properties,
      Clock clock) {
    PlanMaker plans =
        new PlanMaker(
            elements.places,
            demand,
            pilots,
            new Patience(properties.patience()),
            queues.states.pauses(),
            clock);
    cycle = new ProvisioningCycle(plans, pilots, queues.states, queues.threads, properties, clock);
    board = new QueueBoard(plans, pilots, queues.states, statuses, spools);
  }

  public void run() {
    cycle.run("");
  }

  /** What operators see of the queues. */
  public List<QueueInfo> board() {
    return board.all();
  }
}
