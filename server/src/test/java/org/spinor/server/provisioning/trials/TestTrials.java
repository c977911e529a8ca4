package org.spinor.server.provisioning.trials;

import java.time.Clock;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.provisioning.elements.TestElements;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.tasks.Tasks;

/** The tests of queues as one server has them. */
public final class TestTrials {
  final SiteTests tests;
  private final TestDatabase database;
  private final TestElements elements;
  private final Clock clock;
  private final TrialChecks checks;
  private final TrialFlight flight;

  public TestTrials(
      TestDatabase database,
      PilotDriver driver,
      TestElements elements,
      QueueStates states,
      SpoolBoard spools,
      Configurations configuration,
      SiteStatuses statuses,
      Clock clock) {
    this.database = database;
    this.elements = elements;
    this.clock = clock;
    tests = new SiteTests(database.jdbc());
    checks =
        new TrialChecks(
            tests,
            configuration,
            statuses,
            states,
            elements.elements,
            elements.packages,
            new EdgeCheck(
                tests,
                elements.elements,
                spools,
                new TrialChecks.CallTimer(elements.calls, clock)));
    flight =
        new TrialFlight(
            tests,
            driver.trials(),
            driver.pilots(),
            elements.elements,
            elements.packages,
            states,
            new TrialFlight.Means(elements.calls, database.transactions(), clock));
  }

  /** The one that runs the tests, with the tasks of the test. */
  QueueTester tester(Tasks tasks) {
    return new QueueTester(
        tests, elements.places, checks, flight, tasks, database.transactions(), clock);
  }
}
