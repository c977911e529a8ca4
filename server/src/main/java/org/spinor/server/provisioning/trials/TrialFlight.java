package org.spinor.server.provisioning.trials;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.PilotStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.Transactions;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.TrialPilots;
import org.spinor.server.provisioning.elements.ElementOutputs;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.OutputText;
import org.spinor.server.provisioning.elements.PilotPackages;
import org.spinor.server.provisioning.elements.TimedCalls;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.spi.Fault;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** The way of a test pilot: sent, started, heard, ended. */
final class TrialFlight {
  /** An element may notice the end of a pilot so much later. */
  private static final Duration LATE = Duration.ofMinutes(2);

  private static final int LAST_LINES = 15;

  private final SiteTests tests;
  private final TrialPilots trialPilots;
  private final Pilots pilots;
  private final Elements elements;
  private final PilotPackages packages;
  private final QueueStates states;
  private final Means means;

  /** What it works with. */
  record Means(TimedCalls calls, Transactions transactions, Clock clock) {}

  TrialFlight(
      SiteTests tests,
      TrialPilots trialPilots,
      Pilots pilots,
      Elements elements,
      PilotPackages packages,
      QueueStates states,
      Means means) {
    this.tests = tests;
    this.trialPilots = trialPilots;
    this.pilots = pilots;
    this.elements = elements;
    this.packages = packages;
    this.states = states;
    this.means = means;
  }

  /** Sends the pilot; doing it again after a crash sends no second one. */
  void send(TrialRun run, Configuration.Queue queue) {
    run.begin(TrialStep.SUBMIT, now());
    String stamp = stamp(run, queue);
    try {
      PilotSubmission submission =
          packages.of(
              queue,
              stamp,
              run.asked().vo(),
              pilots.freshSecrets(List.of(stamp)).getOrDefault(stamp, ""));
      ComputingElement element =
          means.calls().call("create", () -> elements.of(queue, run.asked().vo()));
      List<SubmitResult> results =
          means.calls().call("submit", () -> element.submit(List.of(submission)));
      switch (results.isEmpty() ? null : results.getFirst()) {
        case null ->
            refused(run, "the element left the pilot out of its answer", "the plug-in is broken");
        case SubmitResult.Accepted(String _, PilotReference reference) -> {
          pilots.accepted(Map.of(stamp, reference.value()));
          run.reference(reference.value());
          run.ok(TrialStep.SUBMIT, now(), "pilot " + stamp + ", there called " + reference.value());
          run.begin(TrialStep.START, now());
        }
        case SubmitResult.Refused(String _, Fault fault, String why) ->
            refused(run, why, advice(fault));
      }
    } catch (PluginException e) {
      refused(
          run,
          TrialChecks.words(e),
          QueueTester.advice(e, "the element did not take it now; test again in a while"));
    }
  }

  private String stamp(TrialRun run, Configuration.Queue queue) {
    Optional<String> known = run.stamp();
    if (known.isPresent()) {
      return known.get();
    }
    return means
        .transactions()
        .in(
            () -> {
              String fresh =
                  trialPilots.create(run.asked().queue(), queue.ceType(), run.asked().vo());
              run.stamp(fresh);
              tests.progress(run);
              return fresh;
            });
  }

  private void refused(TrialRun run, String why, String advice) {
    run.fail(TrialStep.SUBMIT, now(), why, advice);
    callOff(run, "it was not accepted");
    run.close("no pilot was accepted");
  }

  private static String advice(Fault fault) {
    return switch (fault) {
      case USER ->
          "the element takes no pilots of this kind: change cores, memory, GPUs or time of the queue, or the account that it uses";
      case PLATFORM -> "the element or its batch system is broken: its administrators can say more";
      case TEMPORARY -> "the element is full or busy: test again in a while";
    };
  }

  /** Looks how the pilot fares. */
  void follow(TrialRun run, Configuration.Queue queue) {
    String stamp = run.stamp().orElseThrow();
    PilotReference reference = new PilotReference(run.reference().orElseThrow());
    // The element first: what an ended pilot said last is then surely known here.
    PilotReport report = report(run, queue, reference);
    TrialPilots.Look look =
        trialPilots
            .look(stamp)
            .orElse(
                new TrialPilots.Look(
                    PilotStatus.Deleted, "it is no longer known here", false, Map.of(), ""));
    start(run, report, look);
    bootstrap(run, packages.server(queue), report, look);
    node(run, look);
    end(run, report, look);
    if (late(run)) {
      timeOut(run);
    }
    if (run.hasFailedAfter(TrialStep.SUBMIT) || run.isOk(TrialStep.END)) {
      land(run, queue, reference, report);
    }
  }

  private PilotReport report(TrialRun run, Configuration.Queue queue, PilotReference reference) {
    try {
      ComputingElement element =
          means.calls().call("create", () -> elements.of(queue, run.asked().vo()));
      PilotReport report =
          means.calls().call("status", () -> element.status(List.of(reference))).get(reference);
      return report == null
          ? PilotReport.of(PilotState.UNKNOWN, "the element left it out of its answer")
          : report;
    } catch (PluginException e) {
      return PilotReport.of(
          PilotState.UNKNOWN, "the element does not answer: " + TrialChecks.words(e));
    }
  }

  private void start(TrialRun run, PilotReport report, TrialPilots.Look look) {
    if (!run.isRunning(TrialStep.START)) {
      return;
    }
    if (isHeard(look) || report.state() == PilotState.RUNNING || report.state().isFinal()) {
      run.ok(TrialStep.START, now(), "the element says " + report.state() + because(report));
      run.begin(TrialStep.BOOTSTRAP, now());
    } else {
      run.note(
          TrialStep.START,
          switch (report.state()) {
            case HELD -> "held" + because(report);
            case UNKNOWN -> "the element does not know it (yet)" + because(report);
            default -> "waits for a slot" + because(report);
          });
    }
  }

  private static boolean isHeard(TrialPilots.Look look) {
    return look.spoke() || !look.log().isEmpty() || look.status().isFinal();
  }

  private void bootstrap(TrialRun run, String server, PilotReport report, TrialPilots.Look look) {
    if (!run.isRunning(TrialStep.BOOTSTRAP)) {
      return;
    }
    if (look.status() == PilotStatus.Failed && look.reason().startsWith("bootstrap: ")) {
      run.fail(
          TrialStep.BOOTSTRAP,
          now(),
          look.reason().substring("bootstrap: ".length()),
          "the node can talk to this server, and cannot run what it gives: see the line above");
    } else if (look.spoke() || !look.log().isEmpty()) {
      run.ok(TrialStep.BOOTSTRAP, now(), TrialLog.bootstrap(look.log()));
      run.begin(TrialStep.NODE, now());
    } else if (look.status().isFinal()) {
      run.fail(
          TrialStep.BOOTSTRAP,
          now(),
          "it was ended: " + look.reason(),
          "test again, and let it run");
    } else if (report.state().isFinal()) {
      run.fail(
          TrialStep.BOOTSTRAP,
          now(),
          "it ended ("
              + report.state()
              + because(report)
              + ") before it could say a word to "
              + server,
          "its output below says why. Most often the node cannot reach the server: try 'curl "
              + server
              + "/pilot/bootstrap.sh' there; a proxy is set with https_proxy, another address with SPINOR_PROVISIONING_PILOTSERVER, the way through an edge agent with the queue's Edge");
    } else {
      run.note(TrialStep.BOOTSTRAP, "has not spoken yet; the element says " + report.state());
    }
  }

  private void node(TrialRun run, TrialPilots.Look look) {
    if (!run.isRunning(TrialStep.NODE)) {
      return;
    }
    if (look.spoke()) {
      run.ok(TrialStep.NODE, now(), TrialLog.node(look));
      run.begin(TrialStep.END, now());
    } else if (look.status().isFinal()) {
      run.fail(
          TrialStep.NODE,
          now(),
          look.reason(),
          "mend the node, or loosen min-disk, min-memory or max-clock-error in SPINOR_PROVISIONING_PILOTOPTIONS");
    }
  }

  private void end(TrialRun run, PilotReport report, TrialPilots.Look look) {
    if (!run.isRunning(TrialStep.END)) {
      return;
    }
    if (look.status() == PilotStatus.Done) {
      boolean noticed = report.state().isFinal();
      if (noticed || now().isAfter(run.began(TrialStep.END).plus(LATE))) {
        run.ok(
            TrialStep.END,
            now(),
            look.reason()
                + (noticed ? "" : "; the element says still " + report.state() + because(report)));
      } else {
        run.note(TrialStep.END, "it said goodbye; the element says still " + report.state());
      }
    } else if (look.status().isFinal()) {
      run.fail(
          TrialStep.END,
          now(),
          look.status() + ": " + look.reason(),
          "its log and output say more");
    } else if (report.state().isFinal()) {
      run.fail(
          TrialStep.END,
          now(),
          "the element says " + report.state() + because(report) + ", and it has not said goodbye",
          "something killed it: the batch system's output below, or its administrators, say what");
    }
  }

  private boolean late(TrialRun run) {
    return now().isAfter(run.asked().started().plus(run.asked().timeout()));
  }

  private void timeOut(TrialRun run) {
    for (TrialStep step :
        List.of(TrialStep.START, TrialStep.BOOTSTRAP, TrialStep.NODE, TrialStep.END)) {
      if (run.isRunning(step)) {
        String last = run.detail(step);
        run.fail(
            step,
            now(),
            "not within "
                + run.asked().timeout().toSeconds()
                + " s"
                + (last.isEmpty() ? "" : ": " + last),
            step == TrialStep.START
                ? "the queue is busy, or can never serve a pilot of this size; give it longer with --timeout"
                : "its output below says where it hangs; give it longer with --timeout");
      }
    }
  }

  /** Fetches what the batch system has, tidies up. */
  private void land(
      TrialRun run, Configuration.Queue queue, PilotReference reference, PilotReport report) {
    run.begin(TrialStep.OUTPUT, now());
    boolean begun = run.isOk(TrialStep.START);
    try {
      ComputingElement element =
          means.calls().call("create", () -> elements.of(queue, run.asked().vo()));
      Capability needed = report.state().isFinal() ? Capability.OUTPUT : Capability.LIVE_OUTPUT;
      if (!begun || !element.capabilities().contains(needed)) {
        run.skip(
            TrialStep.OUTPUT,
            begun ? "elements of this type give no output" : "it has not begun, so there is none");
      } else {
        PilotOutput output = ElementOutputs.output(means.calls(), element, reference.value());
        output(run, OutputText.of(output), report.state().isFinal());
      }
    } catch (PluginException e) {
      run.fail(
          TrialStep.OUTPUT,
          now(),
          TrialChecks.words(e),
          QueueTester.advice(e, "without it nobody sees why pilots die there; test again"));
    }
    callOff(run, "its test is over");
    if (!run.hasFailed()) {
      states.proved(run.asked().queue());
    }
    run.close("the test is over");
  }

  private void output(TrialRun run, String text, boolean ended) {
    run.stamp()
        .filter(_ -> ended && !text.isEmpty())
        .ifPresent(stamp -> pilots.keepOutput(stamp, text));
    List<String> lines = text.lines().toList();
    String size =
        lines.isEmpty()
            ? "it kept nothing: if pilots die there, nobody will see why"
            : lines.size()
                + " lines; 'spinor pilots log "
                + run.stamp().orElse("")
                + " --batch' shows them";
    String end =
        String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    run.ok(TrialStep.OUTPUT, now(), run.hasFailed() && !end.isEmpty() ? size + "\n" + end : size);
  }

  /** The pilot, where one was written down, shall run no longer. */
  void callOff(TrialRun run, String why) {
    run.stamp().ifPresent(stamp -> trialPilots.end(stamp, why));
  }

  private static String because(PilotReport report) {
    return report.reason().isBlank() ? "" : ": " + report.reason();
  }

  private Instant now() {
    return means.clock().instant();
  }
}
