package org.spinor.plugins.computing.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/** Real processes on this host. */
class LocalComputingElementTest extends ComputingElementContract {
  @TempDir Path data;

  @Override
  protected ComputingElement open() {
    return open(Map.of("GraceSeconds", "1"));
  }

  private ComputingElement open(Map<String, String> parameters) {
    return open(parameters, InstantSource.system());
  }

  private ComputingElement open(Map<String, String> parameters, InstantSource clock) {
    return new LocalPlugin()
        .create(
            new ComputingElementContext(
                "LOCAL.Test.here",
                "localhost",
                "default",
                parameters,
                Credentials.none(),
                data.resolve("local-ce"),
                Duration.ofSeconds(60),
                clock));
  }

  @Override
  protected int startsOf(String stamp) {
    try (Stream<String> lines = Files.lines(data.resolve("starts"))) {
      return (int) lines.filter(stamp::equals).count();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    PilotSubmission plain = super.submission(stamp, behaviour);
    return script(stamp, "echo " + stamp + " >>" + data + "/starts\n" + plain.script(), plain);
  }

  private static PilotSubmission script(String stamp, String script, PilotSubmission plain) {
    return new PilotSubmission(
        stamp, plain.vo(), script, plain.environment(), plain.files(), plain.size());
  }

  private PilotSubmission script(String stamp, String script) {
    return script(stamp, script, super.submission(stamp, Behaviour.ENDS_WELL));
  }

  @Test
  void serviceLoaderFindsThePlugin() {
    assertThat(ServiceLoader.load(ComputingElementPlugin.class))
        .extracting(ComputingElementPlugin::name)
        .containsExactly("Local");
  }

  @Test
  void badParametersAreToldAtOnce() {
    assertThatThrownBy(() -> open(Map.of("GraceSecond", "1")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("did you mean GraceSeconds");
    assertThatThrownBy(() -> open(Map.of("Nice", "20")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("0 to 19");
  }

  @Test
  void environmentIsMinimalAndMarked() throws Exception {
    try (ComputingElement element = open(Map.of("Nice", "5"))) {
      PilotReference pilot = submit(element, script("env1", "env >env.txt; nice >nice.txt"));
      await(() -> state(element, pilot).isFinal());
      Map<String, String> found = new HashMap<>();
      for (String line : Files.readAllLines(folder("env1").resolve("work/env.txt"))) {
        String[] parts = line.split("=", 2);
        if (parts.length == 2) {
          found.put(parts[0], parts[1]);
        }
      }
      assertThat(found)
          .containsEntry("SPINOR_DATA", data.toString())
          .containsEntry("SPINOR_LOCAL_PILOT", folder("env1").toString())
          .containsEntry("HOME", folder("env1").resolve("work").toString())
          .containsEntry("LANG", "C.UTF-8")
          .containsKey("PATH")
          .doesNotContainKey("JAVA_HOME");
      int own =
          Integer.parseInt(new String(nice().readAllBytes(), StandardCharsets.US_ASCII).strip());
      assertThat(Files.readString(folder("env1").resolve("work/nice.txt")).strip())
          .isEqualTo(Integer.toString(Math.min(19, own + 5)));
    }
  }

  private static InputStream nice() throws IOException {
    return new ProcessBuilder("nice").start().getInputStream();
  }

  @Test
  void cancelledPilotThatIgnoresTermIsKilledWithEverythingItStarted() throws Exception {
    try (ComputingElement element = open()) {
      PilotReference pilot =
          submit(
              element,
              script(
                  "stubborn",
                  """
                  trap '' TERM
                  setsid sleep 600 &
                  sh -c 'trap "" TERM; while :; do sleep 1; done' &
                  echo ready >ready
                  while :; do sleep 1; done
                  """));
      await(() -> Files.exists(folder("stubborn").resolve("work/ready")));
      assertThat(marked("stubborn")).isGreaterThanOrEqualTo(3);
      element.cancel(List.of(pilot));
      await(() -> state(element, pilot) == PilotState.ABORTED);
      await(() -> marked("stubborn") == 0);
    }
  }

  @Test
  void cancelledPilotMayEndInItsOwnWay() throws Exception {
    try (ComputingElement element = open(Map.of("GraceSeconds", "600"))) {
      PilotReference pilot =
          submit(
              element,
              script(
                  "polite",
                  "trap 'echo bye >bye; exit 0' TERM; echo >ready; while :; do sleep 0.1; done"));
      await(() -> Files.exists(folder("polite").resolve("work/ready")));
      element.cancel(List.of(pilot));
      await(() -> state(element, pilot).isFinal());
      assertThat(folder("polite").resolve("work/bye")).exists();
      assertThat(state(element, pilot)).isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void whatAPilotLeavesRunningIsEnded() throws Exception {
    try (ComputingElement element = open()) {
      PilotReference pilot =
          submit(element, script("litter", "setsid sleep 600 & echo >ready; exit 0"));
      await(() -> state(element, pilot) == PilotState.DONE);
      await(() -> marked("litter") == 0);
    }
  }

  @Test
  void pilotThatWasKilledFromOutsideIsAborted() throws Exception {
    try (ComputingElement element = open()) {
      PilotReference pilot = submit(element, script("victim", "echo >ready; sleep 600"));
      await(() -> Files.exists(folder("victim").resolve("work/ready")));
      long pid = Long.parseLong(Files.readString(folder("victim").resolve("pid")).split(" ")[0]);
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      await(() -> state(element, pilot) == PilotState.ABORTED);
      assertThat(report(element, pilot).reason()).contains("gone without a word");
      await(() -> marked("victim") == 0);
    }
  }

  @Test
  void numberThatNowBelongsToAnotherProcessIsNotMistaken() throws Exception {
    try (ComputingElement element = open()) {
      PilotReference pilot = submit(element, script("reuse", "sleep 600"));
      await(() -> state(element, pilot) == PilotState.RUNNING);
      Path pidFile = folder("reuse").resolve("pid");
      String[] identity = Files.readString(pidFile).split(" ", 2);
      Files.writeString(pidFile, ProcessHandle.current().pid() + " " + identity[1]);
      assertThat(state(element, pilot)).isEqualTo(PilotState.ABORTED);
      assertThat(ProcessHandle.current().isAlive()).isTrue();
      long leftover = Long.parseLong(identity[0]);
      // Known by its mark. What was killed counts as alive until its parent has noticed.
      await(() -> ProcessHandle.of(leftover).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  @Test
  void pilotWhoseStartWasLostInACrashIsStartedByTheSameStamp() throws Exception {
    PilotSubmission submission = submission("crash1", Behaviour.ENDS_WELL);
    Path state = data.resolve("local-ce");
    PilotFolder.make(state, state.resolve("unfinished"), "somewhere", "exit 1", submission);
    Files.delete(folder("crash1").resolve("runner.sh"));
    Files.writeString(
        folder("crash1").resolve("runner.sh"),
        new String(
            LocalPlugin.class.getResourceAsStream("runner.sh").readAllBytes(),
            StandardCharsets.UTF_8));
    try (ComputingElement element = open()) {
      PilotReference pilot = new PilotReference("crash1");
      assertThat(state(element, pilot)).isEqualTo(PilotState.WAITING);
      assertThat(submit(element, submission)).isEqualTo(pilot);
      await(() -> state(element, pilot) == PilotState.DONE);
      assertThat(startsOf("crash1")).isEqualTo(1);
    }
  }

  @Test
  void systemsWithoutProcAreAskedWithPs() throws Exception {
    assumeThat(Programs.have("ps")).isTrue();
    Process sleeper = new ProcessBuilder("sleep", "600").start();
    Process ps =
        new ProcessBuilder("ps", "-o", "lstart=", "-p", Long.toString(sleeper.pid())).start();
    String start = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Processes processes = new Processes();
    assertThat(processes.isAlive(new ProcessIdentity(sleeper.pid(), "ps " + start))).isTrue();
    assertThat(processes.isAlive(new ProcessIdentity(sleeper.pid(), "ps yesterday"))).isFalse();
    sleeper.destroyForcibly().waitFor();
    assertThat(processes.isAlive(new ProcessIdentity(sleeper.pid(), "ps " + start))).isFalse();
  }

  @Test
  void oldFoldersGo() throws Exception {
    try (ComputingElement element = open()) {
      PilotReference pilot = submit(element, script("old", "mkdir a; chmod 0 a; exit 0"));
      await(() -> state(element, pilot) == PilotState.DONE);
    }
    InstantSource tomorrow = InstantSource.offset(InstantSource.system(), Duration.ofHours(25));
    try (ComputingElement element = open(Map.of(), tomorrow)) {
      assertThat(state(element, new PilotReference("old"))).isEqualTo(PilotState.UNKNOWN);
    }
    assertThat(folder("old")).doesNotExist();
  }

  @Test
  void foreignReferencesLeadNowhere() {
    try (ComputingElement element = open()) {
      for (String evil : List.of("../../etc", "unfinished", "a/b", ".")) {
        PilotReference reference = new PilotReference(evil);
        assertThat(state(element, reference)).as(evil).isEqualTo(PilotState.UNKNOWN);
        assertThat(element.output(reference, 10).standardOutput()).isEmpty();
        element.purge(List.of(reference));
        element.cancel(List.of(reference));
      }
    }
  }

  @Test
  void whoLooksAtAPilotAsItBeginsDoesItNoHarm() {
    try (ComputingElement element = open()) {
      for (int i = 0; i < 40; i++) {
        PilotReference pilot = submit(element, script("early" + i, "sleep 0.05"));
        PilotReport last = report(element, pilot);
        while (!last.state().isFinal()) {
          last = report(element, pilot);
        }
        assertThat(last.state()).as("%s", last).isEqualTo(PilotState.DONE);
      }
    }
  }

  private Path folder(String stamp) {
    return data.resolve("local-ce").resolve(stamp);
  }

  private static PilotReference submit(ComputingElement element, PilotSubmission submission) {
    SubmitResult result = element.submit(List.of(submission)).getFirst();
    assertThat(result).isInstanceOf(SubmitResult.Accepted.class);
    return ((SubmitResult.Accepted) result).reference();
  }

  private static PilotReport report(ComputingElement element, PilotReference pilot) {
    return element
        .status(List.of(pilot))
        .getOrDefault(pilot, PilotReport.of(PilotState.UNKNOWN, "left out"));
  }

  private static PilotState state(ComputingElement element, PilotReference pilot) {
    return report(element, pilot).state();
  }

  /** Processes of a pilot, wherever they went. */
  private long marked(String stamp) {
    String mark = "SPINOR_LOCAL_PILOT=" + folder(stamp);
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              Path environment = Path.of("/proc/" + process.pid() + "/environ");
              try {
                return new String(Files.readAllBytes(environment), StandardCharsets.UTF_8)
                    .contains(mark + "\0");
              } catch (IOException e) {
                return false;
              }
            })
        .count();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as("tenths of a second").isLessThan(300);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
