package org.spinor.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.RefusedException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * What every computing element keeps to. A plug-in's test extends this class and says how to open
 * an element in front of a working back-end; each test opens one, and some open a second one, as
 * after a restart of the server. Capabilities are checked in both directions: what an element says
 * it can do works, and the rest is refused.
 */
public abstract class ComputingElementContract {
  private static final AtomicInteger STAMPS = new AtomicInteger();
  private static final PilotReference NOBODY = new PilotReference("0123456789");

  private final List<ComputingElement> opened = new ArrayList<>();
  private ComputingElement element = new InMemoryBackEnd().element();

  /**
   * Opens an element. Within one test all of them stand in front of the same back-end with the same
   * state folder.
   */
  protected abstract ComputingElement open();

  /** How often the script of this stamp was really started. */
  protected abstract int startsOf(String stamp);

  /** How long a pilot may take to start, end, or die. */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  /** The submission of a pilot that behaves so; change what the back-end needs otherwise. */
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return submission(stamp, behaviour, PilotSubmission.Size.oneCore());
  }

  private PilotSubmission submission(String stamp, Behaviour behaviour, PilotSubmission.Size size) {
    return new PilotSubmission(
        stamp,
        "testvo",
        behaviour.script(),
        Map.of(
            "SPINOR_TEST_STAMP",
            stamp,
            "SPINOR_TEST_VARIABLE",
            "a b  'c'",
            Behaviour.VARIABLE,
            behaviour.name()),
        List.of(
            new PilotSubmission.InputFile("plain.txt", "plain \u00e4", false),
            new PilotSubmission.InputFile("secret.txt", "secret", true)),
        size);
  }

  @BeforeEach
  final void openElement() {
    element = reopened();
  }

  @AfterEach
  final void closeElements() {
    opened.forEach(ComputingElement::close);
  }

  private ComputingElement reopened() {
    ComputingElement another = open();
    opened.add(another);
    return another;
  }

  @Test
  void pilotThatEndsWithZeroIsDone() {
    PilotReport report = ended(submitted(Behaviour.ENDS_WELL));
    assertThat(report.state()).isEqualTo(PilotState.DONE);
    assertThat(report.exitCode().isPresent())
        .isEqualTo(element.capabilities().contains(Capability.EXIT_CODE));
  }

  @Test
  void pilotThatEndsOtherwiseFailedWithItsExitCode() {
    PilotReport report = ended(submitted(Behaviour.ENDS_BADLY));
    assertThat(report.state()).isEqualTo(PilotState.FAILED);
    if (element.capabilities().contains(Capability.EXIT_CODE)) {
      assertThat(report.exitCode()).hasValue(3);
    }
  }

  @Test
  void pilotFindsItsEnvironmentAndItsFilesAndItsSecretIsItsOwn() {
    PilotReport report = ended(submitted(Behaviour.LOOKS_AROUND));
    assertThat(report.state()).as("%s", report).isEqualTo(PilotState.DONE);
  }

  @Test
  void resultsComeInTheOrderOfTheSubmissions() {
    List<PilotSubmission> submissions =
        List.of(
            submission(stamp(), Behaviour.ENDS_WELL),
            submission(stamp(), Behaviour.ENDS_BADLY),
            submission(stamp(), Behaviour.ENDS_WELL));
    List<SubmitResult> results = element.submit(submissions);
    assertThat(results)
        .extracting(SubmitResult::stamp)
        .containsExactlyElementsOf(submissions.stream().map(PilotSubmission::stamp).toList());
    assertThat(results).allMatch(SubmitResult.Accepted.class::isInstance);
    assertThat(results.stream().map(ComputingElementContract::reference)).doesNotHaveDuplicates();
    results.forEach(result -> ended(reference(result)));
  }

  @Test
  void sameStampAgainStartsNoSecondPilot() {
    PilotSubmission submission = submission(stamp(), Behaviour.ENDS_WELL);
    List<SubmitResult> both = element.submit(List.of(submission, submission));
    PilotReference first = reference(both.getFirst());
    assertThat(reference(both.getLast())).isEqualTo(first);
    assertThat(reference(element.submit(List.of(submission)).getFirst())).isEqualTo(first);
    ended(first);
    assertThat(reference(element.submit(List.of(submission)).getFirst())).isEqualTo(first);
    assertThat(reference(reopened().submit(List.of(submission)).getFirst())).isEqualTo(first);
    assertThat(ended(first).state()).isEqualTo(PilotState.DONE);
    assertThat(startsOf(submission.stamp())).isEqualTo(1);
  }

  @Test
  void sameStampAtTheSameTimeStartsOnePilot() throws Exception {
    PilotSubmission submission = submission(stamp(), Behaviour.ENDS_WELL);
    List<ComputingElement> servers = List.of(element, reopened(), reopened(), reopened());
    List<PilotReference> references = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<List<SubmitResult>>> calls = new ArrayList<>();
      for (ComputingElement server : servers) {
        calls.add(() -> server.submit(List.of(submission)));
      }
      for (Future<List<SubmitResult>> answer : threads.invokeAll(calls)) {
        references.add(reference(answer.get().getFirst()));
      }
    }
    assertThat(Set.copyOf(references)).hasSize(1);
    ended(references.getFirst());
    assertThat(startsOf(submission.stamp())).isEqualTo(1);
  }

  @Test
  void whatTheElementCannotDoIsRefusedBeforeItIsSent() {
    checkSize(Capability.MULTI_CORE, new PilotSubmission.Size(2, 0, 0, 1, false, Duration.ZERO));
    checkSize(Capability.WHOLE_NODE, new PilotSubmission.Size(0, 0, 0, 1, true, Duration.ZERO));
    checkSize(Capability.MULTI_NODE, new PilotSubmission.Size(1, 0, 0, 2, false, Duration.ZERO));
    checkSize(Capability.GPU, new PilotSubmission.Size(1, 0, 1, 1, false, Duration.ZERO));
  }

  private void checkSize(Capability capability, PilotSubmission.Size size) {
    PilotSubmission plain = submission(stamp(), Behaviour.ENDS_WELL);
    PilotSubmission sized =
        new PilotSubmission(
            plain.stamp(), plain.vo(), plain.script(), plain.environment(), plain.files(), size);
    if (element.capabilities().contains(capability)) {
      assertThat(element.validate(sized)).as("%s", capability).isEmpty();
      return;
    }
    assertThat(element.validate(sized)).as("%s", capability).isNotEmpty();
    PilotSubmission good = submission(stamp(), Behaviour.ENDS_WELL);
    List<SubmitResult> results = element.submit(List.of(sized, good));
    assertThat(results.getFirst())
        .isInstanceOfSatisfying(
            SubmitResult.Refused.class,
            refused -> {
              assertThat(refused.fault()).isEqualTo(Fault.USER);
              assertThat(refused.reason()).isNotBlank();
            });
    assertThat(ended(reference(results.getLast())).state())
        .as("its neighbour in the same call")
        .isEqualTo(PilotState.DONE);
    assertThat(startsOf(sized.stamp())).isZero();
  }

  @Test
  void everyReferenceAskedIsInTheAnswer() {
    PilotReference pilot = submitted(Behaviour.ENDS_WELL);
    Map<PilotReference, PilotReport> reports = element.status(List.of(NOBODY, pilot));
    assertThat(reports).containsOnlyKeys(NOBODY, pilot);
    assertThat(status(NOBODY).state()).isEqualTo(PilotState.UNKNOWN);
    assertThat(element.status(List.of())).isEmpty();
    assertThat(element.submit(List.of())).isEmpty();
    ended(pilot);
  }

  @Test
  void pilotsOutliveTheElement() {
    PilotReference running = submitted(Behaviour.RUNS_LONG);
    PilotReference ended = submitted(Behaviour.ENDS_BADLY);
    await(running, PilotState.RUNNING);
    ended(ended);
    element.close();
    element = reopened();
    assertThat(status(running).state()).isEqualTo(PilotState.RUNNING);
    assertThat(status(ended).state()).isEqualTo(PilotState.FAILED);
    end(running);
  }

  @Test
  void cancelledPilotIsAborted() {
    PilotReference pilot = submitted(Behaviour.RUNS_LONG);
    await(pilot, PilotState.RUNNING);
    if (!element.capabilities().contains(Capability.CANCEL)) {
      assertThatThrownBy(() -> element.cancel(List.of(pilot))).isInstanceOf(RefusedException.class);
      return;
    }
    assertThat(element.cancel(List.of(pilot, NOBODY)).values())
        .as("an unknown pilot counts as cancelled")
        .hasSize(2)
        .allMatch(CancelResult.Cancelled.class::isInstance);
    assertThat(element.cancel(List.of(pilot)).get(pilot))
        .isInstanceOf(CancelResult.Cancelled.class);
    assertThat(ended(pilot).state()).isEqualTo(PilotState.ABORTED);
    assertThat(element.cancel(List.of(pilot)).get(pilot))
        .isInstanceOf(CancelResult.Cancelled.class);
  }

  @Test
  void cancellingAnEndedPilotChangesNothing() {
    PilotReference pilot = submitted(Behaviour.ENDS_WELL);
    ended(pilot);
    if (element.capabilities().contains(Capability.CANCEL)) {
      element.cancel(List.of(pilot));
      assertThat(status(pilot).state()).isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void outputOfAnEndedPilotIsGivenUpToTheLimit() {
    String stamp = stamp();
    PilotReference pilot =
        reference(element.submit(List.of(submission(stamp, Behaviour.ENDS_WELL))).getFirst());
    ended(pilot);
    if (!element.capabilities().contains(Capability.OUTPUT)) {
      assertThatThrownBy(() -> element.output(pilot, 100)).isInstanceOf(RefusedException.class);
      return;
    }
    PilotOutput whole = element.output(pilot, 10_000);
    assertThat(whole.standardOutput()).isEqualTo("out " + stamp + "\n");
    assertThat(whole.standardError()).isEqualTo("err " + stamp + "\n");
    assertThat(whole.truncated()).isFalse();
    PilotOutput end = element.output(pilot, 3);
    assertThat(end.standardOutput())
        .isEqualTo(whole.standardOutput().substring(stamp.length() + 2));
    assertThat(end.truncated()).isTrue();
    assertThat(element.output(NOBODY, 100)).isEqualTo(new PilotOutput("", "", "", false));
  }

  @Test
  void outputOfARunningPilotIsGivenWhereThatIsPromised() {
    String stamp = stamp();
    PilotReference pilot =
        reference(element.submit(List.of(submission(stamp, Behaviour.RUNS_LONG))).getFirst());
    await(pilot, PilotState.RUNNING);
    if (element.capabilities().contains(Capability.LIVE_OUTPUT)) {
      eventually(() -> element.output(pilot, 1000).standardOutput().equals("out " + stamp + "\n"));
    } else if (element.capabilities().contains(Capability.OUTPUT)) {
      assertThat(element.output(pilot, 1000)).isNotNull();
    }
    end(pilot);
  }

  @Test
  void purgeForgetsWhatEndedAndSparesWhatRuns() {
    PilotReference running = submitted(Behaviour.RUNS_LONG);
    PilotReference ended = submitted(Behaviour.ENDS_WELL);
    await(running, PilotState.RUNNING);
    ended(ended);
    element.purge(List.of(running, ended, NOBODY));
    element.purge(List.of(ended));
    assertThat(status(running).state()).isEqualTo(PilotState.RUNNING);
    assertThat(status(ended).state()).isIn(PilotState.UNKNOWN, PilotState.DONE);
    end(running);
  }

  @Test
  void queueInfoIsGivenWhereItIsPromised() {
    if (!element.capabilities().contains(Capability.QUEUE_INFO)) {
      assertThatThrownBy(() -> element.queueInfo()).isInstanceOf(RefusedException.class);
      return;
    }
    PilotReference pilot = submitted(Behaviour.RUNS_LONG);
    await(pilot, PilotState.RUNNING);
    assertThat(element.queueInfo().running().orElse(1)).isPositive();
    end(pilot);
  }

  private static String stamp() {
    return "contract" + Long.toString(System.nanoTime(), 36) + "x" + STAMPS.incrementAndGet();
  }

  private PilotReference submitted(Behaviour behaviour) {
    return reference(element.submit(List.of(submission(stamp(), behaviour))).getFirst());
  }

  private static PilotReference reference(SubmitResult result) {
    assertThat(result).isInstanceOf(SubmitResult.Accepted.class);
    return ((SubmitResult.Accepted) result).reference();
  }

  private PilotReport status(PilotReference reference) {
    PilotReport report = element.status(List.of(reference)).get(reference);
    assertThat(report).as("the report of %s", reference).isNotNull();
    return report == null ? PilotReport.of(PilotState.UNKNOWN, "") : report;
  }

  private void await(PilotReference reference, PilotState state) {
    eventually(() -> status(reference).state() == state);
  }

  private PilotReport ended(PilotReference reference) {
    eventually(() -> status(reference).state().isFinal());
    return status(reference);
  }

  /** Leaves nothing running behind a test. */
  private void end(PilotReference reference) {
    if (element.capabilities().contains(Capability.CANCEL)) {
      element.cancel(List.of(reference));
      ended(reference);
    }
  }

  private void eventually(Callable<Boolean> condition) {
    Instant deadline = Instant.now().plus(patience());
    try {
      while (!condition.call()) {
        assertThat(Instant.now()).as("patience").isBefore(deadline);
        Thread.sleep(20);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
