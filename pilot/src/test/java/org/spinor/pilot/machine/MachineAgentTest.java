package org.spinor.pilot.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.MachineAnswer.State;
import org.spinor.pilot.fake.FakeMachines;
import org.spinor.pilot.fake.FakeServer;

/** A machine with pilots that are scripts. */
@Timeout(180)
class MachineAgentTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  @TempDir private Path folder;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
    pilot("echo ran >>\"$RAN\"; env >\"$RAN.env\"");
  }

  /** What the bootstrap of the server does. */
  private void pilot(String script) {
    server.file("/pilot/bootstrap.sh", (script + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
  }

  private MachineSettings settings(String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("--server", server.uri().toString(), "--state=" + folder.resolve("state")));
    all.addAll(List.of(options));
    return MachineSettings.of(all, Map.of(), "desk1");
  }

  private MachineAgent agent(MachineIdentity identity, String... options) {
    return new MachineAgent(
        settings(options),
        identity,
        Map.of(
            "PATH", "/usr/bin:/bin", "RAN", folder.resolve("ran").toString(), "LC_ALL", "C.UTF-8"),
        "desk1.org",
        said::add);
  }

  private MachineIdentity identity() throws IOException {
    return MachineIdentity.in(folder.resolve("state"));
  }

  @Test
  void asksShowsItsCodeAndRunsWhatItIsGiven() throws Exception {
    server
        .machines()
        .next(
            FakeMachines.answer(State.Asking, ""),
            FakeMachines.answer(State.Asking, ""),
            FakeMachines.answer(State.Joined, ""),
            FakeMachines.run("stamp1"),
            FakeMachines.answer(State.Wait, "no work waits for it"),
            FakeMachines.answer(State.Refused, "taken out"));
    try (MachineIdentity identity = identity()) {
      assertThat(agent(identity, "--site=VAC.Test.org", "--", "--cores=3").run())
          .isEqualTo(MachineAgent.REFUSED);
      assertThat(server.machines().joins().getFirst().secret()).isEqualTo(identity.secret());
    }
    assertThat(String.join("\n", said))
        .containsOnlyOnce("BCDF-GHJK")
        .contains("spinor pilots approve BCDFGHJK --site VAC.Test.org")
        .contains("let in: it runs pilots of VO dteam at VAC.Test.org (vac, queue desks)")
        .contains("pilot stamp1 begins")
        .contains("waits: no work waits for it")
        .contains("does not let this machine in: taken out");
    assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("ran\n");
    assertThat(Files.readAllLines(folder.resolve("ran.env")))
        .contains(
            "SPINOR_PILOT_STAMP=stamp1",
            "SPINOR_PILOT_SECRET=secret-of-stamp1",
            "SPINOR_SITE=VAC.Test.org",
            "SPINOR_SERVER=" + server.uri())
        .anyMatch(
            line ->
                line.startsWith("SPINOR_PILOT_OPTIONS=") && line.endsWith("--cores=3 --idle=7s"))
        .noneMatch(line -> line.startsWith("LC_ALL"));
    assertThat(folder.resolve("state/secret")).doesNotExist();
  }

  @Test
  void itsSecretIsItsOwnAndOfOneProcess() throws Exception {
    String secret;
    try (MachineIdentity identity = identity()) {
      secret = identity.secret();
      assertThat(secret).hasSizeGreaterThan(40);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("state/secret"))))
          .isEqualTo("rw-------");
      assertThatThrownBy(this::identity).isInstanceOf(IOException.class);
    }
    try (MachineIdentity again = identity()) {
      assertThat(again.secret()).isEqualTo(secret);
    }
  }

  @Test
  void aServerThatIsAwayOrForgotTheMachineIsNoEnd() throws Exception {
    server.unavailable(true);
    server
        .machines()
        .next(
            FakeMachines.answer(State.Joined, ""),
            FakeMachines.answer(State.Expired, ""),
            FakeMachines.answer(State.Refused, "enough"));
    server.machines().forget();
    try (MachineIdentity identity = identity()) {
      Future<Integer> code = threads.submit(() -> agent(identity).run());
      FakeServer.await("it complains", () -> !said.isEmpty());
      server.unavailable(false);
      assertThat(code.get()).isEqualTo(MachineAgent.REFUSED);
    }
    assertThat(said.getFirst()).contains("the server says: not now; trying again");
    assertThat(server.machines().joins()).as("at first, forgotten, expired").hasSize(3);
  }

  @Test
  void stoppedItLetsJobsEndAndGivesItsPlaceBack() throws Exception {
    pilot(
        """
        echo begun >"$RAN"
        trap 'echo killed >>"$RAN"; exit' TERM
        while [ ! -e "${SPINOR_WORK_DIR%/work}/drain" ]; do sleep 0.1; done
        echo drained >>"$RAN"
        """);
    server.machines().next(FakeMachines.answer(State.Joined, ""), FakeMachines.run("stamp1"));
    try (MachineIdentity identity = identity()) {
      MachineAgent agent = agent(identity);
      var _ = threads.submit(agent::run);
      FakeServer.await("the pilot runs", () -> Files.exists(folder.resolve("ran")));
      FakeServer.await("it is told", () -> server.machines().heartbeats().contains("stamp1"));
      assertThat(agent.stop()).isTrue();
      assertThat(agent.stop()).isFalse();
    }
    assertThat(folder.resolve("ran")).content().isEqualTo("begun\ndrained\n");
    assertThat(server.machines().left()).isTrue();
  }

  @Test
  void jobsThatDoNotEndInTimeAreGivenBack() throws Exception {
    pilot(
        """
        trap 'echo killed >>"$RAN"; exit' TERM
        echo begun >"$RAN"
        while :; do sleep 0.1; done
        """);
    server.machines().next(FakeMachines.answer(State.Joined, ""), FakeMachines.run("stamp1"));
    try (MachineIdentity identity = identity()) {
      MachineAgent agent = agent(identity, "--stop-grace=1s");
      var _ = threads.submit(agent::run);
      FakeServer.await("the pilot runs", () -> Files.exists(folder.resolve("ran")));
      agent.stop();
    }
    assertThat(folder.resolve("ran")).content().isEqualTo("begun\nkilled\n");
  }

  @Test
  void aPilotThatOutlivedItIsWaitedFor() throws Exception {
    Files.createDirectories(folder.resolve("state"));
    Path go = folder.resolve("go");
    PilotChild child =
        PilotChild.start(
            new ProcessBuilder(
                "sh", "-c", "until [ -e \"$0\" ]; do sleep 0.1; done", go.toString()),
            "old",
            folder.resolve("state").resolve("pilot"));
    server
        .machines()
        .next(FakeMachines.answer(State.Joined, ""), FakeMachines.answer(State.Refused, "x"));
    try (MachineIdentity identity = identity()) {
      Future<Integer> end = threads.submit(agent(identity)::run);
      FakeServer.await("it waits", () -> server.machines().heartbeats().contains("old"));
      assertThat(said).containsExactly("pilot old runs here already; waiting for its end");
      Files.createFile(go);
      end.get(60, TimeUnit.SECONDS);
    }
    assertThat(child.endsWithin(Duration.ofSeconds(1))).isTrue();
    assertThat(server.requests().getFirst()).isEqualTo("POST /api/machines/heartbeat");
  }

  @Test
  void endsByItselfWhenIdleForLongEnough() throws Exception {
    server
        .machines()
        .next(FakeMachines.answer(State.Joined, ""), FakeMachines.answer(State.Wait, "full"));
    try (MachineIdentity identity = identity()) {
      assertThat(agent(identity, "--idle=2s").run()).isEqualTo(MachineAgent.DONE);
    }
    assertThat(said.getLast()).isEqualTo("no pilot for 2 s: ends");
  }

  @Test
  void allWrongOptionsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                MachineSettings.of(
                    List.of("--servr=x", "--idle", "soon", "--name"), Map.of(), "desk1"))
        .hasMessageContaining("there is no option --servr=x")
        .hasMessageContaining("--name has no value")
        .hasMessageContaining("--server is needed")
        .hasMessageContaining("--idle takes a time such as 90s, 5m, 2h or 3d, not soon");
    assertThat(
            MachineSettings.of(
                    List.of("--server=https://a.org:8000/"), Map.of("HOME", "/home/x"), "desk1")
                .state())
        .isEqualTo(Path.of("/home/x/.local/state/spinor/machine-desk1-at-a.org-8000"));
  }
}
