package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
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
            Configurations.vacuum(2, 5),
            Map.of("SPINOR_MACHINES_LEASE", "20s", "SPINOR_PILOTS_HEARTBEAT", "5s"));
    user = server.as("user", "alice");
    operator = server.as("admin", "admin", "Operator", "SiteManager");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Long> submit(int seconds, int jobs) {
    return user.submit(
        "Executable = \"/bin/sleep\"; Arguments = \"%d\"; JobGroup = \"vac\"; Parameters = %d;"
            .formatted(seconds, jobs));
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
      List<Long> first = submit(4, 8);
      waitFor(desk, "desk", "running");
      waitFor(vm, "vm", "running");

      extra.start("--secret-file=" + extra.file("vo-secret", secret));
      extra.waitUntilSaid("waits: the site is full: 2 of 2 machines (MaxTotalPilots)");
      server.killHard();
      server.startAgain();
      allDone(first);

      // drained with a job: that goes on, and the place is another's afterwards
      List<Long> second = submit(15, 4);
      Await.until(
          "both run a job",
          Duration.ofMinutes(2),
          () -> user.statuses(second).getOrDefault("Running", 0) >= 2);
      act("desk", "drain");
      waitFor(desk, "desk", "drained");
      desk.waitUntilSaid("no pilot until an operator says so: drained by ");
      waitFor(extra, "extra", "running");
      allDone(second);
      assertThat(attempts(second)).as("no job was cut off").isEqualTo(4);

      // no machine joins with a revoked secret, and those that came with it drain
      long id = operator.ok("GET", "/api/machines/secrets", null).get(0).path("id").asLong();
      operator.ok("POST", "/api/machines/secrets/" + id + "/revoke?drain=true", null);
      late.start("--secret-file=" + late.file("vo-secret", secret));
      late.waitUntilSaid("the secret of the VO is wrong, has expired or was revoked");
      waitFor(vm, "vm", "drained");
      waitFor(extra, "extra", "drained");
      act("desk", "undrain");
      allDone(submit(1, 2));
      assertThat(desk.terminate()).as(desk.said()).isZero();
      assertThat(machine("desk").path("state").asString()).isEqualTo("silent");
      assertThat(machine("desk").path("reason").asString()).isEqualTo("it was stopped");
      String log = Files.readString(server.log());
      assertThat(log).doesNotContain(secret);
    }
  }

  @Test
  void aPowerCutCostsNoApproval() {
    try (MachineProcess desk = new MachineProcess("desk", server.url()).start()) {
      approve(desk);
      List<Long> jobs = submit(20, 1);
      Await.until(
          "the job runs",
          Duration.ofMinutes(2),
          () -> user.statuses(jobs).getOrDefault("Running", 0) == 1);
      desk.killHard();
      server.killHard();
      server.startAgain();
      desk.start();
      allDone(jobs);
      assertThat(desk.said()).containsOnlyOnce("spinor pilots approve ");

      // itself killed, its pilot not: that is found, and no second one started
      List<Long> more = submit(15, 1);
      Await.until(
          "the job runs",
          Duration.ofMinutes(2),
          () -> user.statuses(more).getOrDefault("Running", 0) == 1);
      desk.killAgent();
      desk.start();
      desk.waitUntilSaid("runs here already; waiting for its end");
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
