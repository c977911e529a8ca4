package org.spinor.plugins.computing.cream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** What a CREAM element, the network, or somebody between may do. */
class CreamFailuresTest {
  private static final String LONG = "while :; do sleep 1; done\n";

  private final Setting setting;
  private final CreamStandIn standIn;
  private final ComputingElement element;

  CreamFailuresTest(@TempDir Path folder) {
    setting = new Setting(folder);
    standIn = setting.standIn();
    element = setting.open();
  }

  @AfterEach
  void close() {
    element.close();
    setting.close();
  }

  private SubmitResult submit(String stamp, String script) {
    return element.submit(List.of(Setting.pilot(stamp, script))).getFirst();
  }

  private static PilotReference reference(SubmitResult result) {
    assertThat(result).isInstanceOf(SubmitResult.Accepted.class);
    return ((SubmitResult.Accepted) result).reference();
  }

  private static SubmitResult.Refused refused(SubmitResult result) {
    assertThat(result).isInstanceOf(SubmitResult.Refused.class);
    return (SubmitResult.Refused) result;
  }

  private PilotReport status(PilotReference reference) {
    return element
        .status(List.of(reference))
        .getOrDefault(reference, PilotReport.of(PilotState.UNKNOWN, "left out"));
  }

  private static void eventually(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plusSeconds(120);
    while (!condition.call()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }

  private static CreamStandIn.Misbehaviour says(int code, String answer) {
    return (exchange, duty) -> CreamStandIn.send(exchange, code, answer);
  }

  /** Does it, and nobody hears of it. */
  private static void loses(HttpExchange exchange, CreamStandIn.Duty duty) {
    duty.answer();
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"JobRegister", "JobStart", "putProxy"})
  void lostAnswerStartsNoSecondPilot(String operation) throws Exception {
    standIn.plan(operation, CreamFailuresTest::loses);
    try {
      submit("lost1", LONG);
    } catch (TemporaryException e) {
      // the answer did not come
    }
    PilotReference pilot = reference(submit("lost1", LONG));
    eventually(() -> status(pilot).state() == PilotState.RUNNING);
    assertThat(standIn.startsOf("lost1")).isEqualTo(1);
    assertThat(standIn.jobs()).hasSize(1);
    assertThat(standIn.wrong()).isEmpty();
  }

  @Test
  void severalServersAtOnceStartEachPilotOnceAndLeaveNoFilesBehind() throws Exception {
    List<PilotSubmission> pilots =
        Stream.of("s1", "s2", "s3", "s4", "s5")
            // No pilot is over before an order is carried out that was taken before its start.
            .map(stamp -> Setting.pilot(stamp, LONG))
            .toList();
    List<ComputingElement> servers =
        List.of(setting.open(), setting.open(), setting.open(), setting.open());
    Map<String, Set<String>> references = new ConcurrentHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> works = new ArrayList<>();
      for (ComputingElement server : servers) {
        works.add(
            () -> {
              for (SubmitResult result : server.submit(pilots)) {
                if (result instanceof SubmitResult.Accepted(String stamp, PilotReference one)) {
                  references
                      .computeIfAbsent(stamp, any -> ConcurrentHashMap.newKeySet())
                      .add(one.value());
                }
              }
              return true;
            });
      }
      for (Future<Boolean> work : threads.invokeAll(works)) {
        assertThat(work.get()).isTrue();
      }
    }
    servers.forEach(ComputingElement::close);
    assertThat(references)
        .hasSize(pilots.size())
        .allSatisfy((s, one) -> assertThat(one).hasSize(1));
    for (PilotSubmission pilot : pilots) {
      assertThat(standIn.startsOf(pilot.stamp())).isEqualTo(1);
    }
    eventually(() -> standIn.files().keySet().stream().noneMatch(name -> name.endsWith(".sh")));
    assertThat(standIn.wrong()).isEmpty();
  }

  @Test
  void severalLeftOverJobsOfAStampAreDroppedAndOneStarts() throws Exception {
    PilotReference first = reference(submit("first", "exit 0"));
    TestJob job = standIn.jobs().get(first.value());
    assertThat(job).isNotNull();
    if (job != null) {
      for (String id : List.of("CREAM1", "CREAM2")) {
        String jdl = job.jdl.replace("spinor-first-", "spinor-over-");
        standIn.jobs().put(id, new TestJob(id, jdl, job.delegation, Path.of("/nowhere")));
      }
    }
    PilotReference pilot = reference(submit("over", LONG));
    assertThat(pilot.value()).isNotIn("CREAM1", "CREAM2");
    eventually(() -> status(pilot).state() == PilotState.RUNNING);
    assertThat(standIn.startsOf("over")).isEqualTo(1);
    assertThat(standIn.jobs()).doesNotContainKeys("CREAM1", "CREAM2");
  }

  @Test
  void oneBadDescriptionDoesNotHoldUpTheOthers() {
    standIn.plan(
        "JobRegister",
        (exchange, duty) -> {
          String answer = duty.answer();
          String bad = "<t:result jobDescriptionId=\"bad\">";
          int from = answer.indexOf(bad) + bad.length();
          int to = answer.indexOf("</t:result>", from);
          CreamStandIn.send(
              exchange,
              200,
              answer.substring(0, from)
                  + Messages.creamFault("GenericFault", "system error", "disk full")
                  + answer.substring(to));
        });
    List<SubmitResult> results =
        element.submit(List.of(Setting.pilot("bad", LONG), Setting.pilot("good", "exit 0")));
    assertThat(refused(results.getFirst()).fault()).isEqualTo(Fault.TEMPORARY);
    assertThat(refused(results.getFirst()).reason()).contains("GenericFault", "disk full");
    reference(results.getLast());
    assertThat(standIn.startsOf("bad")).isZero();
  }

  @Test
  void queueThatIsNotThereIsThePlatformsFault() {
    try (ComputingElement other =
        setting.open(setting.parameters(), "cream-pbs-nosuch", Duration.ofSeconds(20))) {
      SubmitResult result = other.submit(List.of(Setting.pilot("a", "exit 0"))).getFirst();
      assertThat(refused(result).fault()).isEqualTo(Fault.PLATFORM);
      assertThat(refused(result).reason()).contains("queue not supported");
    }
    assertThat(standIn.files()).as("files of what was refused").isEmpty();
  }

  @Test
  void drainedElementIsNoFailure() {
    standIn.plan(
        "JobRegister",
        says(
            500,
            Messages.fault(
                Messages.creamFault(
                    "JobSubmissionDisabledFault", "cannot accept jobs", "threshold on load"))));
    SubmitResult.Refused refused = refused(submit("a", LONG));
    assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY);
    assertThat(refused.reason()).contains("threshold on load");
    assertThat(standIn.files()).isEmpty();
  }

  @Test
  void faultsOfWholeCallsSayWhatToThinkOfThem() {
    PilotReference nobody = new PilotReference("CREAM1");
    standIn.plan(
        "JobInfo",
        says(
            500,
            Messages.fault(
                Messages.creamFault("AuthorizationFault", "user not mapped", "no pool account"))));
    assertThatThrownBy(() -> status(nobody))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("JobInfo: user not mapped; no pool account");
    standIn.plan(
        "JobInfo",
        says(500, Messages.fault(Messages.creamFault("GenericFault", "system error", "database"))));
    assertThatThrownBy(() -> status(nobody))
        .isInstanceOf(TemporaryException.class)
        .hasMessageContaining("database");
    standIn.plan("JobInfo", says(403, "no"));
    assertThatThrownBy(() -> status(nobody)).isInstanceOf(RefusedException.class);
    standIn.plan("JobInfo", says(404, "no"));
    assertThatThrownBy(() -> status(nobody))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("not a CREAM computing element");
    standIn.plan("JobInfo", says(503, "<html>busy</html>"));
    assertThatThrownBy(() -> status(nobody)).isInstanceOf(TemporaryException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "<html/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
            + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>&c;</s:Body></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
            + "<t:JobInfoResponse xmlns:t=\"http://glite.org/2007/11/ce/cream/types\"/></s:Body></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + "<t:JobInfoResponse xmlns:t=\"http://example.org/\"/></s:Body></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + "<t:JobListResponse xmlns:t=\"http://glite.org/2007/11/ce/cream/types\"/></s:Body></s:Envelope>"
      })
  void whatIsNoAnswerOfCreamIsTemporary(String answer) {
    standIn.plan("JobInfo", says(200, answer));
    assertThatThrownBy(() -> status(new PilotReference("CREAM1")))
        .isInstanceOf(TemporaryException.class)
        .hasMessageNotContaining("root:");
  }

  @Test
  void endlessAnswerIsCutOff() {
    standIn.plan(
        "JobInfo",
        (exchange, duty) -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] blanks = new byte[1 << 20];
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 200; i++) {
              out.write(blanks);
            }
          } catch (IOException e) {
            // the client has had enough
          }
        });
    assertThatThrownBy(() -> status(new PilotReference("CREAM1")))
        .isInstanceOf(TemporaryException.class);
  }

  @Test
  void answerThatLeavesJobsOutLeavesThemUnknown() {
    standIn.plan("JobInfo", says(200, Messages.response("JobInfoResponse", "")));
    assertThat(status(new PilotReference("CREAM1")).state()).isEqualTo(PilotState.UNKNOWN);
  }

  @Test
  void slowElementIsGivenUpInTime() {
    CountDownLatch over = new CountDownLatch(1);
    // What the first call of a JVM has to load is no part of the time.
    assertThat(status(new PilotReference("CREAM1")).state()).isEqualTo(PilotState.UNKNOWN);
    try (ComputingElement hasty =
        setting.open(setting.parameters(), "cream-pbs-long", Duration.ofSeconds(5))) {
      standIn.plan(
          "JobInfo",
          (exchange, duty) -> {
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      Instant begun = Instant.now();
      assertThatThrownBy(() -> hasty.status(List.of(new PilotReference("CREAM1"))))
          .isInstanceOf(TemporaryException.class)
          .hasMessageContaining("does not answer in time");
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(30));
    } finally {
      over.countDown();
    }
  }

  @Test
  void nothingIsRegisteredWhereCreamDoesNotTellWhatThereIs() {
    reference(submit("there", "exit 0"));
    try (ComputingElement other = setting.open()) {
      standIn.plan(
          "JobInfo",
          says(
              200,
              Messages.response(
                  "JobInfoResponse",
                  "<t:result jobDescriptionId=\"https://x/CREAM100000000\">"
                      + Messages.creamFault("GenericFault", "database", "down")
                      + "</t:result>")));
      int before = standIn.jobs().size();
      assertThatThrownBy(() -> other.submit(List.of(Setting.pilot("new", LONG))))
          .isInstanceOf(TemporaryException.class);
      assertThat(standIn.jobs()).hasSize(before);
    }
  }

  @Test
  void jobThatIsPendingCannotBeCancelledYet() {
    PilotReference pilot = reference(submit("pending", LONG));
    TestJob job = standIn.jobs().get(pilot.value());
    if (job != null) {
      job.put("PENDING", "");
    }
    assertThat(element.cancel(List.of(pilot)).get(pilot)).isInstanceOf(CancelResult.Failed.class);
  }

  @Test
  void statesOfCreamAreUnderstood() throws Exception {
    PilotReference pilot = reference(submit("states", LONG));
    eventually(() -> status(pilot).state() == PilotState.RUNNING);
    assertThat(status(pilot).host()).hasValue("wn1.example.org");
    TestJob job = standIn.jobs().get(pilot.value());
    Map<String, PilotState> states =
        Map.of(
            "IDLE", PilotState.WAITING,
            "PENDING", PilotState.WAITING,
            "HELD", PilotState.HELD,
            "RUNNING", PilotState.RUNNING,
            "REALLY-RUNNING", PilotState.RUNNING,
            "DONE-FAILED", PilotState.ABORTED,
            "ABORTED", PilotState.ABORTED,
            "CANCELLED", PilotState.ABORTED,
            "PURGED", PilotState.UNKNOWN,
            "SOMETHING-NEW", PilotState.UNKNOWN);
    states.forEach(
        (word, state) -> {
          if (job != null) {
            job.put(word, "reason=9");
          }
          assertThat(status(pilot).state()).as(word).isEqualTo(state);
          assertThat(status(pilot).reason()).contains(word);
        });
  }

  @Test
  void delegationThatCreamHasForgottenIsMadeAnew() {
    reference(submit("one", "exit 0"));
    standIn.delegations().ids().forEach(standIn.delegations()::forget);
    assertThat(refused(submit("two", "exit 0")).fault()).isEqualTo(Fault.TEMPORARY);
    reference(submit("two", "exit 0"));
    assertThat(standIn.delegations().ids()).hasSize(1);
  }

  @Test
  void proxiesOfRunningPilotsAreRenewed() throws Exception {
    PilotReference pilot = reference(submit("renewed", LONG));
    eventually(() -> status(pilot).state() == PilotState.RUNNING);
    String delegation = standIn.delegations().ids().getFirst();
    Instant before = standIn.delegations().expires(delegation);
    setting.grid().renew(Duration.ofHours(48));
    setting.ahead(Duration.ofHours(10));
    status(pilot);
    assertThat(standIn.delegations().ids()).containsExactly(delegation);
    assertThat(standIn.delegations().expires(delegation))
        .isAfter(before.plus(Duration.ofHours(30)));
    standIn.plan("getTerminationTime", says(500, "no"));
    setting.ahead(Duration.ofHours(11));
    assertThat(status(pilot).state())
        .as("whatever becomes of renewal")
        .isEqualTo(PilotState.RUNNING);
  }

  @Test
  void folderThatTakesNothingIsTheOperatorsBusiness() {
    standIn.plan("PUT", says(403, ""));
    assertThatThrownBy(() -> submit("a", LONG)).isInstanceOf(RefusedException.class);
    standIn.plan("PUT", says(507, ""));
    assertThat(refused(submit("a", LONG)).reason()).contains("507");
    assertThat(standIn.calls()).doesNotContain("JobRegister");
  }

  @Test
  void jobThatCannotFetchItsFilesSaysSo() throws Exception {
    // A server's page with the code of success is not taken for them.
    standIn.plan("GET", says(200, "<html>please log in</html>"));
    PilotReference pilot = reference(submit("page", "exit 0"));
    eventually(() -> status(pilot).state().isFinal());
    assertThat(status(pilot).state()).isEqualTo(PilotState.FAILED);
    assertThat(status(pilot).exitCode()).hasValue(StartScript.NOT_FETCHED);
    assertThat(status(pilot).reason()).contains("SandboxURL");
  }

  @Test
  void secretIsNowhereButInTheFileAndTheFileIsTakenOnce() throws Exception {
    PilotReference pilot = reference(submit("secret1", "cat secret; " + LONG));
    eventually(() -> standIn.files().keySet().stream().noneMatch(name -> name.endsWith(".sh")));
    assertThat(TestJob.commandLines()).contains("spinor-secret1-").doesNotContain("abracadabra");
    assertThat(standIn.jobs().values()).allMatch(job -> !job.jdl.contains("abracadabra"));
    element.cancel(List.of(pilot));
    eventually(() -> status(pilot).state() == PilotState.ABORTED);
  }

  @Test
  void purgeTakesTheFilesAlong() throws Exception {
    PilotReference pilot = reference(submit("purged", "echo hello"));
    eventually(() -> status(pilot).state() == PilotState.DONE);
    assertThat(element.output(pilot, 1000).standardOutput()).isEqualTo("hello\n");
    assertThat(standIn.files()).isNotEmpty();
    element.purge(List.of(pilot));
    assertThat(standIn.files()).isEmpty();
    eventually(() -> status(pilot).state() == PilotState.UNKNOWN);
  }

  @Test
  void credentialThatIsOverIsNotShown() {
    setting.ahead(Duration.ofDays(20));
    PilotSubmission pilot = Setting.pilot("a", "exit 0");
    assertThatThrownBy(() -> element.submit(List.of(pilot)))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("make a new one");
  }
}
