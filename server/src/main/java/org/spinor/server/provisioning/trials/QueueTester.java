package org.spinor.server.provisioning.trials;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.Transactions;
import org.spinor.server.provisioning.elements.Places;
import org.spinor.server.tasks.TaskHandler;
import org.spinor.server.tasks.Tasks;
import org.spinor.server.web.WireJson;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/**
 * Tests queues, one look after the other: each look does what can be done now, writes down what it
 * found, and leaves a task for the next one. So a test holds no thread while its pilot waits, and
 * goes on when the server dies.
 */
final class QueueTester implements TaskHandler {
  static final String TYPE = "provisioning.test-queue";

  private final SiteTests tests;
  private final Places places;
  private final TrialChecks checks;
  private final TrialFlight flight;
  private final Tasks tasks;
  private final Transactions transactions;
  private final Clock clock;

  /** What is asked of one run: a look that was done already is not done again. */
  record Look(long test, int look) {}

  QueueTester(
      SiteTests tests,
      Places places,
      TrialChecks checks,
      TrialFlight flight,
      Tasks tasks,
      Transactions transactions,
      Clock clock) {
    this.tests = tests;
    this.places = places;
    this.checks = checks;
    this.flight = flight;
    this.tasks = tasks;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public String type() {
    return TYPE;
  }

  static String payload(long test, int look) {
    return WireJson.mapper().writeValueAsString(new Look(test, look));
  }

  @Override
  public void run(String payload) {
    Look look = WireJson.mapper().readValue(payload, Look.class);
    tests
        .load(look.test())
        .filter(run -> !run.over() && run.asked().looks() == look.look())
        .ifPresent(this::look);
  }

  private void look(TrialRun run) {
    Configuration.Queue queue = places.queues().get(run.asked().queue());
    if (queue == null) {
      goneFromTheConfiguration(run);
    } else if (run.isWaiting(TrialStep.SUBMIT) && !run.isOk(TrialStep.REACH)) {
      checks.make(run, queue);
      if (!run.over()) {
        flight.send(run, queue);
      }
    } else if (run.reference().isEmpty()) {
      flight.send(run, queue);
    } else {
      flight.follow(run, queue);
    }
    transactions.run(
        () -> {
          tests.finishLook(run);
          if (!run.over()) {
            tasks.addIn(pause(run), TYPE, payload(run.asked().id(), run.asked().looks() + 1));
          }
        });
  }

  private void goneFromTheConfiguration(TrialRun run) {
    Instant now = clock.instant();
    run.fail(
        TrialStep.CONFIGURATION,
        now,
        "the queue is no longer in the configuration",
        "put it back, or test another one");
    flight.callOff(run, "its queue is no longer in the configuration");
    run.close("the queue is gone");
  }

  /** Often at first, while somebody looks on; rarely for a pilot that waits for hours. */
  private Duration pause(TrialRun run) {
    Duration age = Duration.between(run.began(TrialStep.SUBMIT), clock.instant());
    for (Duration step :
        new Duration[] {Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)}) {
      if (age.compareTo(step.multipliedBy(30)) < 0) {
        return step;
      }
    }
    return Duration.ofSeconds(10);
  }

  /** A test that cannot be written down for so long is given up. */
  @Override
  public int maxTries() {
    return 5;
  }

  @Override
  public int atOnce() {
    return 8;
  }

  /** Where a call of a plug-in failed: how, and what to do about it. */
  static String advice(PluginException failure, String temporary) {
    return switch (failure) {
      case MisconfiguredException wrong ->
          "correct the configuration of the element, or what it names on its host, as the message says";
      case RefusedException refused ->
          "the element refuses this server: check with its administrators that the account or identity may use it";
      case TemporaryException passing -> temporary;
    };
  }
}
