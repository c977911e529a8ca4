package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Power cuts of every part while real jobs run in real pilots. After each: every job ends exactly
 * once, none is lost, none is stuck, and the log tells what happened.
 */
class FaultsIT {
  private ServerProcess server;
  private Api user;

  @BeforeEach
  void start() {
    server = ServerProcess.withConfiguration(Configurations.local(1, 200, 20));
    user = server.as("user", "alice");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Long> submit(Gate gate, int jobs) {
    return user.submit(
        """
        Executable = "/bin/sh"; Arguments = "-c '%s; echo done %%n'"; JobGroup = "faults"; Parameters = %d;
        OutputSandbox = {"std.out"};
        """
            .formatted(gate.passed(jobs < 100 ? 1 : 5), jobs));
  }

  private void waitForRunning(List<Long> ids, int atLeast) {
    Await.until(
        atLeast + " jobs run",
        Duration.ofMinutes(5),
        () -> user.statuses(ids).getOrDefault("Running", 0) >= atLeast);
  }

  private void assertEachEndedOnce(List<Long> ids) {
    assertThat(user.waitForAll(ids, Duration.ofMinutes(5))).isEqualTo(Map.of("Done", ids.size()));
    ids.forEach(id -> Attempts.endedOnce(user, id));
  }

  @Test
  void killedServerHarmsNoRunningJob() {
    Gate gate = new Gate();
    List<Long> ids = submit(gate, 200);
    waitForRunning(ids, 200);
    server.killHard();
    server.startAgain();
    gate.open();
    assertEachEndedOnce(ids);
    assertThat(Attempts.lost(user, ids)).as("no job ran twice because of the server").isEmpty();
  }

  @Test
  void jobsOutliveTwoMinutesWithoutAServer() throws InterruptedException {
    Gate gate = new Gate();
    List<Long> ids = submit(gate, 20);
    waitForRunning(ids, 20);
    server.killHard();
    gate.open();
    Thread.sleep(Duration.ofMinutes(2));
    server.startAgain();
    assertEachEndedOnce(ids);
    assertThat(Attempts.lost(user, ids))
        .as("what ran on while the server was away is not run again")
        .isEmpty();
    JsonNode log = user.logging(ids.getFirst());
    assertThat(log.toString())
        .contains("Application Finished Successfully", "Output Sandbox Uploaded");
  }

  @Test
  void terminatedServerLeavesRunningJobsUnharmed() {
    Gate gate = new Gate();
    List<Long> ids = submit(gate, 4);
    waitForRunning(ids, 1);
    assertThat(server.terminate()).isIn(0, 143);
    gate.open();
    server.startAgain();
    assertEachEndedOnce(ids);
  }

  @Test
  void killedPilotsJobsRunAgainAtNoCost() {
    Gate gate = new Gate();
    List<Long> ids = submit(gate, 6);
    waitForRunning(ids, 1);
    List<Long> pilots = Processes.withMark("SPINOR_DATA=" + server.data(), "spinor-pilot.jar");
    assertThat(pilots).isNotEmpty();
    pilots.forEach(pid -> Processes.signal(pid, "KILL"));
    gate.open();
    assertEachEndedOnce(ids);
    assertThat(user.job(ids.getFirst()).path("RescheduleCounter").asInt()).isZero();
    boolean told = false;
    for (long id : ids) {
      told |= user.logging(id).toString().contains("pilot");
    }
    assertThat(told).as("the log says that a pilot was lost").isTrue();
  }

  @Test
  void killedDatabaseComesBackAndLosesNothing() {
    Gate gate = new Gate();
    List<Long> ids = submit(gate, 10);
    waitForRunning(ids, 1);
    long postmaster = server.databasePid().orElseThrow();
    Processes.signal(postmaster, "KILL");
    gate.open();
    Await.until(
        "the database is back",
        Duration.ofMinutes(4),
        () ->
            server.databasePid().filter(pid -> pid != postmaster).isPresent()
                && user.status("POST", "/api/jobs/summary", Map.of("grouping", List.of("Status")))
                    == 200);
    assertEachEndedOnce(ids);
  }

  @Test
  void killedPayloadFailsWithItsSignal() {
    String mark = Processes.newMark();
    long id =
        user.submit(
                """
                Executable = "/bin/sleep"; Arguments = "987"; ExecutionEnvironment = {"%s"};
                """
                    .formatted(mark))
            .getFirst();
    waitForRunning(List.of(id), 1);
    Await.until(
        "payload runs",
        Duration.ofMinutes(3),
        () -> !Processes.withMark(mark, "sleep 987").isEmpty());
    Processes.withMark(mark, "sleep 987").forEach(pid -> Processes.signal(pid, "KILL"));
    assertThat(user.waitForAll(List.of(id), Duration.ofMinutes(2))).isEqualTo(Map.of("Failed", 1));
    JsonNode job = user.job(id);
    assertThat(job.path("MinorStatus").asString()).isEqualTo("Application Finished With Errors");
    assertThat(job.path("ApplicationStatus").asString()).contains("9");
  }

  @Test
  void killedRunningJobStopsAtOnce() {
    String mark = Processes.newMark();
    long id =
        user.submit(
                """
                Executable = "/bin/sh"; Arguments = "-c 'trap : TERM; while :; do sleep 986; done'";
                ExecutionEnvironment = {"%s"};
                """
                    .formatted(mark))
            .getFirst();
    waitForRunning(List.of(id), 1);
    Await.until(
        "payload runs",
        Duration.ofMinutes(3),
        () -> !Processes.withMark(mark, "sleep 986").isEmpty());
    user.ok("POST", "/api/jobs/kill", Map.of("job_ids", List.of(id)));
    assertThat(user.statusOf(id)).isEqualTo("Killed");
    Await.until(
        "no process is left", Duration.ofMinutes(3), () -> Processes.withMark(mark).isEmpty());
    assertThat(user.statusOf(id)).isEqualTo("Killed");
  }
}
