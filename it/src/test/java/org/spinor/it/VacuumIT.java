package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Machines that run pilots by themselves: let in by a code or a secret, within the limit, through
 * power cuts of machines and server, drained from the server.
 */
class VacuumIT {
  private static final String SITE = "VAC.Desks.here";

  private ServerProcess server;
  private Api user;
  private Api operator;

  @BeforeEach
  void start() {
    server =
        ServerProcess.withConfiguration(
            Configurations.vacuum(2, 15),
            Map.of("SPINOR_MACHINES_LEASE", "40s", "SPINOR_PILOTS_HEARTBEAT", "15s"));
    user = server.as("user", "alice");
    operator = server.as("admin", "admin", "Operator", "SiteManager");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Long> submit(String script, int jobs) {
    return user.submit(
        """
        Executable = "/bin/sh"; Arguments = "-c '%s'"; JobGroup = "vac"; Parameters = %d;
        """
            .formatted(script, jobs));
  }

  private void waitForRunning(List<Long> jobs, int count) {
    Await.until(
        count + " jobs run",
        Duration.ofMinutes(2),
        () -> user.statuses(jobs).getOrDefault("Running", 0) == count);
  }

  private JsonNode machine(String name) {
    for (JsonNode machine : operator.ok("GET", "/api/machines?site=" + SITE, null)) {
      if (machine.path("name").asString().equals(name)) {
        return machine;
      }
    }
    return operator.ok("GET", "/api/machines?state=asking", null).path(0);
  }

  private void waitFor(MachineProcess process, String name, String state) {
    Await.until(
        () -> name + " is " + state + ": " + machine(name) + "\n" + process.said(),
        Duration.ofMinutes(2),
        () -> machine(name).path("state").asString().equals(state));
  }

  private void approve(MachineProcess machine) {
    machine.waitUntilSaid("spinor pilots approve ");
    String said = machine.said();
    int code = said.indexOf("spinor pilots approve ") + "spinor pilots approve ".length();
    operator.ok(
        "POST",
        "/api/machines/approve",
        Map.of("code", said.substring(code, code + 8), "site", SITE));
    machine.waitUntilSaid("let in: it runs pilots of VO spinor at " + SITE);
  }

  private String voSecret() {
    return operator
        .ok(
            "POST",
            "/api/machines/secrets",
            Map.of("vo", "spinor", "site", SITE, "expires_seconds", 3600, "max_machines", 5))
        .path("secret")
        .asString();
  }

  private void act(String name, String action) {
    operator.ok(
        "POST", "/api/machines/" + machine(name).path("id").asLong() + "/" + action, Map.of());
  }

  private void allDone(List<Long> ids) {
    assertThat(user.waitForAll(ids, Duration.ofMinutes(4))).isEqualTo(Map.of("Done", ids.size()));
  }

  @Test
  void machinesJoinWorkAndAreLimitedDrainedAndRevoked() throws Exception {
    String secret = voSecret();
    try (MachineProcess desk = new MachineProcess("desk", server.url()).start("--site=" + SITE);
        MachineProcess vm = new MachineProcess("vm", server.url());
        MachineProcess extra = new MachineProcess("extra", server.url());
        MachineProcess late = new MachineProcess("late", server.url())) {
      approve(desk);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(desk))))
          .isEqualTo("rw-------");
      desk.waitUntilSaid("waits: no work waits for it");
      vm.startByCommand("--secret-file=" + vm.file("vo-secret", secret + "\n"));
      vm.waitUntilSaid("let in: it runs pilots");
      Gate gate = new Gate();
      List<Long> first = submit(gate.passed(), 8);
      waitFor(desk, "desk", "running");
      waitFor(vm, "vm", "running");

      extra.start("--secret-file=" + extra.file("vo-secret", secret));
      extra.waitUntilSaid("waits: the site is full: 2 of 2 machines (MaxTotalPilots)");
      waitForRunning(first, 2);
      server.killHard();
      server.startAgain();
      gate.open();
      allDone(first);
      drainWithAJob(desk, extra);

      // no machine joins with a revoked secret, and those that came with it drain
      long id = operator.ok("GET", "/api/machines/secrets", null).get(0).path("id").asLong();
      operator.ok("POST", "/api/machines/secrets/" + id + "/revoke?drain=true", null);
      late.start("--secret-file=" + late.file("vo-secret", secret));
      late.waitUntilSaid("the secret of the VO is wrong, has expired or was revoked");
      waitFor(vm, "vm", "drained");
      waitFor(extra, "extra", "drained");
      act("desk", "undrain");
      allDone(submit("sleep 1", 2));
      assertThat(desk.terminate()).as(desk.said()).isZero();
      assertThat(machine("desk").path("state").asString()).isEqualTo("silent");
      assertThat(machine("desk").path("reason").asString()).isEqualTo("it was stopped");
      String log = Files.readString(server.log());
      assertThat(log).doesNotContain(secret);
    }
  }

  /** Its job goes on, and its place is the next one's afterwards. */
  private void drainWithAJob(MachineProcess desk, MachineProcess next) {
    Gate gate = new Gate();
    List<Long> jobs = new ArrayList<>(submit(gate.passed(), 2));
    waitForRunning(jobs, 2);
    // One is for the machine that is not drained, one for the next.
    Gate later = new Gate();
    jobs.addAll(submit(later.passed(), 2));
    act("desk", "drain");
    desk.waitUntilSaid("its pilot takes no more jobs: drained by ");
    Await.until(
        () -> "its pilot knows: " + desk.pilotSaid(),
        Duration.ofMinutes(2),
        () -> desk.pilotSaid().contains("no more work is asked for"));
    gate.open();
    waitFor(desk, "desk", "drained");
    desk.waitUntilSaid("no pilot until an operator says so: drained by ");
    waitFor(next, "extra", "running");
    later.open();
    allDone(jobs);
    assertThat(attempts(jobs)).as("no job was cut off").isEqualTo(4);
  }

  @Test
  void aPowerCutCostsNoApproval() {
    try (MachineProcess desk = new MachineProcess("desk", server.url()).start()) {
      approve(desk);
      Gate gate = new Gate();
      List<Long> jobs = submit(gate.passed(), 1);
      waitForRunning(jobs, 1);
      desk.killHard();
      server.killHard();
      server.startAgain();
      desk.start();
      gate.open();
      allDone(jobs);
      assertThat(desk.said()).containsOnlyOnce("spinor pilots approve ");

      // itself killed, its pilot not: that is found, and no second one started
      Gate found = new Gate();
      List<Long> more = submit(found.passed(), 1);
      waitForRunning(more, 1);
      desk.killAgent();
      desk.start();
      desk.waitUntilSaid("runs here already; waiting for its end");
      found.open();
      allDone(more);
      assertThat(attempts(more)).isEqualTo(1);

      act("desk", "remove");
      desk.waitUntilSaid("the server does not let this machine in: taken out by ");
      assertThat(desk.exitCode()).isEqualTo(1);
    }
  }

  private int attempts(List<Long> jobs) {
    return jobs.stream()
        .mapToInt(id -> user.ok("GET", "/api/jobs/" + id + "/attempts", null).size())
        .sum();
  }

  private static Path file(MachineProcess machine) {
    return machine.state().resolve("secret");
  }
}
