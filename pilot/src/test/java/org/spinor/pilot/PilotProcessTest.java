package org.spinor.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.PilotStatus;
import org.spinor.pilot.fake.FakePilots;
import org.spinor.pilot.fake.FakeServer;

/** Pilots as processes, and what is left of them. */
@Timeout(240)
class PilotProcessTest {
  @TempDir Path folder;
  private PilotBench bench;

  @BeforeEach
  void prepare() throws IOException {
    bench = new PilotBench(folder);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void kill9OfThePilotLeavesNoProcess() throws Exception {
    bench.server.pilots().enqueue(bench.jdl(stubborn()), 1, 0);
    bench.server.pilots().enqueue(bench.jdl(stubborn()), 1, 0);
    Process pilot = bench.spawn();
    FakeServer.await("all run", () -> pids().size() == 6);
    assertThat(pids()).allMatch(PilotProcessTest::alive);
    pilot.destroyForcibly();
    FakeServer.await("none is left", () -> pids().stream().noneMatch(PilotProcessTest::alive));
    assertThat(bench.server.jobs().requeued()).isEmpty();
  }

  @Test
  void sigtermGivesTheJobsBackAndSaysSo() throws Exception {
    Assignment job = bench.server.pilots().enqueue(bench.jdl(stubborn()), 1, 0);
    Process pilot = bench.spawn();
    FakeServer.await("all run", () -> pids().size() == 3);
    pilot.destroy();
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bench.server.jobs().requeued())
        .containsEntry(new AttemptId(job.jobId(), 1), "the pilot was told to stop by a signal");
    assertThat(pids()).noneMatch(PilotProcessTest::alive);
    assertThat(bench.server.pilots().metadata().getLast().status()).isEqualTo(PilotStatus.Done);
    assertThat(bench.server.pilots().log())
        .contains("given back", "the pilot ends: the pilot was told to stop by a signal");
  }

  @Test
  void sigtermOfAnIdlePilotEndsItAtOnce() throws Exception {
    Process pilot = bench.spawn("--idle=1h");
    FakeServer.await("it asks", () -> !bench.server.pilots().offers().isEmpty());
    pilot.destroy();
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(bench.server.pilots().metadata().getLast().status()).isEqualTo(PilotStatus.Done);
  }

  @Test
  void whatTheBootstrapSaidComesFirstInTheLog() throws Exception {
    Path before = Files.writeString(folder.resolve("bootstrap.log"), "first words\n");
    Process pilot = bench.spawn("--bootstrap-log=" + before);
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(pilot.exitValue()).isZero();
    assertThat(bench.server.pilots().log()).startsWith("first words\n20");
    assertThat(folder.resolve("pilot.out")).content().doesNotContain(FakePilots.SECRET);
  }

  @Test
  void aSecretInTheWorkDirectoryIsDeletedOnceRead() throws Exception {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path secret = Files.writeString(work.resolve("secret"), FakePilots.SECRET);
    Process pilot = bench.spawn("--secret-file=" + secret);
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(pilot.exitValue()).isZero();
    assertThat(secret).doesNotExist();
  }

  @Test
  void wrongOptionsAreAllNamed() throws Exception {
    Process pilot = bench.spawn("--idle=soon", "--mode=both", "--coers=1", "--isolation=podman");
    assertThat(pilot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(pilot.exitValue()).isEqualTo(Pilot.WRONG_USE);
    assertThat(folder.resolve("pilot.out"))
        .content()
        .contains("--idle takes a time", "--mode takes one of", "no option --coers")
        .contains("needs --image");
  }

  private String stubborn() {
    return """
    trap '' TERM
    cd %s
    setsid sh -c 'trap "" TERM; echo $$ >>pids; while :; do sleep 1; done' &
    (setsid sh -c 'trap "" TERM; echo $$ >>pids; while :; do sleep 1; done' &)
    echo $$ >>pids
    while :; do sleep 1; done
    """
        .formatted(folder);
  }

  private List<String> pids() {
    try {
      return Files.readAllLines(folder.resolve("pids"));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean alive(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }
}
