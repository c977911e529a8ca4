package org.spinor.server.provisioning.trials;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotPackages;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.spi.Credentials;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/** What can be found out about a queue without sending anything there. */
final class TrialChecks {
  private final SiteTests tests;
  private final Configurations configurations;
  private final SiteStatuses statuses;
  private final QueueStates states;
  private final Elements elements;
  private final PilotPackages packages;
  private final CallTimer timer;
  private final EdgeCheck edge;

  /** Calls and the time that they take. */
  record CallTimer(TimedCalls calls, Clock clock) {}

  /** An element of the test's own. */
  private record Opened(ComputingElement element, RecordedCredentials credentials) {}

  TrialChecks(
      SiteTests tests,
      Configurations configurations,
      SiteStatuses statuses,
      QueueStates states,
      Elements elements,
      PilotPackages packages,
      EdgeCheck edge) {
    this.tests = tests;
    this.configurations = configurations;
    this.statuses = statuses;
    this.states = states;
    this.elements = elements;
    this.packages = packages;
    this.edge = edge;
    this.timer = edge.timer();
  }

  /** Makes all of them; the run is over where no pilot can or shall follow. */
  void make(TrialRun run, Configuration.Queue queue) {
    run.begin(TrialStep.CONFIGURATION, now());
    run.ok(TrialStep.CONFIGURATION, now(), configuration(queue));
    run.begin(TrialStep.PLUGIN, now());
    tests.progress(run);
    Opened opened;
    try {
      opened = open(run, queue);
    } catch (PluginException e) {
      run.fail(
          TrialStep.PLUGIN, now(), words(e), QueueTester.advice(e, "look into the server's log"));
      run.close("the plug-in cannot be used");
      return;
    }
    try {
      if (plugin(run, queue, opened.element()) && reach(run, opened)) {
        queueInfo(run, opened.element());
        edge.make(run, queue);
      }
    } finally {
      opened.element().close();
    }
    if (!run.over() && !run.asked().withPilot()) {
      run.close("no pilot was asked for");
    }
  }

  private String configuration(Configuration.Queue queue) {
    List<String> facts = new ArrayList<>();
    String revision = configurations.current().revision();
    facts.add("revision " + revision.substring(0, Math.min(8, revision.length())));
    facts.add("type " + queue.ceType());
    facts.add("IdlePilots " + queue.idlePilots() + ", MaxTotalPilots " + queue.maxPilots());
    if (queue.maxPilots() == 0 || queue.idlePilots() == 0) {
      facts.add("with these limits no pilot is ever sent but this test's");
    }
    SiteStatuses.SiteStatus status = statuses.of(queue.site());
    if (!status.active()) {
      facts.add(
          "the site is banned"
              + (status.reason().isBlank() ? "" : " (" + status.reason() + ")")
              + ": it gets test pilots and jobs of type Test only");
    }
    QueueState state = states.all().get(Elements.key(queue));
    if (state != null && state.breaker() != QueueState.Breaker.CLOSED) {
      facts.add("submission is stopped at present: " + state.lastError().orElse("it failed"));
    }
    return String.join("; ", facts);
  }

  private Opened open(TrialRun run, Configuration.Queue queue) {
    RecordedCredentials[] recorder = {new RecordedCredentials(Credentials.none())};
    ComputingElement element =
        timer
            .calls()
            .call(
                "create",
                () ->
                    elements.another(
                        queue,
                        run.asked().vo(),
                        source -> {
                          recorder[0] = new RecordedCredentials(source);
                          return recorder[0];
                        }));
    return new Opened(element, recorder[0]);
  }

  private boolean plugin(TrialRun run, Configuration.Queue queue, ComputingElement element) {
    try {
      List<String> problems =
          timer
              .calls()
              .call(
                  "validate",
                  () -> element.validate(packages.of(queue, "test", run.asked().vo(), "")));
      if (problems.isEmpty()) {
        String abilities =
            element.capabilities().stream()
                .map(Capability::name)
                .sorted()
                .collect(Collectors.joining(", "));
        run.ok(
            TrialStep.PLUGIN,
            now(),
            queue.parameters().size() + " parameters; it can " + abilities);
        return true;
      }
      run.fail(
          TrialStep.PLUGIN,
          now(),
          "pilots of this queue can never run there: " + String.join("; ", problems),
          "change NumberOfProcessors, NumberOfGPUs, WholeNode or MaxRAM of the queue");
    } catch (PluginException e) {
      run.fail(
          TrialStep.PLUGIN, now(), words(e), QueueTester.advice(e, "look into the server's log"));
    }
    run.close("no pilot can be sent");
    return false;
  }

  /** Asks for a pilot that nobody has: every element answers that, and must be reached for it. */
  private boolean reach(TrialRun run, Opened opened) {
    run.begin(TrialStep.CREDENTIALS, now());
    run.begin(TrialStep.REACH, now());
    tests.progress(run);
    PilotReference nobody =
        new PilotReference("test" + UUID.randomUUID().toString().replace("-", "").substring(4));
    try {
      Map<PilotReference, PilotReport> answer =
          timer.calls().call("status", () -> opened.element().status(List.of(nobody)));
      credentials(run, opened.credentials());
      PilotReport report = answer.get(nobody);
      run.ok(
          TrialStep.REACH,
          now(),
          report == null || report.state() == PilotState.UNKNOWN
              ? "asked for a pilot that does not exist, it knows of none"
              : "asked for a pilot that does not exist, it says " + report.state());
      return true;
    } catch (PluginException e) {
      credentials(run, opened.credentials());
      run.fail(
          TrialStep.REACH,
          now(),
          words(e),
          QueueTester.advice(
              e,
              "is the service up, its address right, no firewall between? Try the same from the server's host"));
      run.close("the element does not answer");
      return false;
    }
  }

  private void credentials(TrialRun run, RecordedCredentials credentials) {
    List<RecordedCredentials.Asked> asked = credentials.all();
    String words =
        asked.stream().map(Object::toString).distinct().collect(Collectors.joining("; "));
    if (asked.isEmpty()) {
      run.ok(
          TrialStep.CREDENTIALS,
          now(),
          "the plug-in asks the server for none: it needs none, or has those that its parameters name");
    } else if (asked.stream().allMatch(each -> each.failure().isEmpty())) {
      run.ok(TrialStep.CREDENTIALS, now(), words);
    } else {
      run.fail(
          TrialStep.CREDENTIALS,
          now(),
          words,
          "give the server what the plug-in asks for: the operator's page of the plug-in says where");
    }
  }

  private void queueInfo(TrialRun run, ComputingElement element) {
    run.begin(TrialStep.QUEUE, now());
    tests.progress(run);
    if (!element.capabilities().contains(Capability.QUEUE_INFO)) {
      run.skip(TrialStep.QUEUE, "elements of this type do not tell");
      return;
    }
    try {
      QueueInfo info = timer.calls().call("queue info", element::queueInfo);
      run.ok(
          TrialStep.QUEUE,
          now(),
          "waiting %s, running %s, free slots %s"
              .formatted(number(info.waiting()), number(info.running()), number(info.freeSlots())));
    } catch (PluginException e) {
      run.fail(
          TrialStep.QUEUE,
          now(),
          words(e),
          QueueTester.advice(e, "does the queue exist there, and may the account see it?"));
    }
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "unknown";
  }

  static String words(PluginException e) {
    return String.valueOf(e.getMessage());
  }

  private Instant now() {
    return timer.clock().instant();
  }
}
