package org.spinor.server.pilots.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineAnswer.State;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineInfo;
import org.spinor.api.MachineJoin;
import org.spinor.api.MachineRefusal;
import org.spinor.api.MachineSecretInfo;
import org.spinor.api.MachineSecretRequest;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.PilotRoom;

/** Machines join, take places, run pilots, are drained and lost. */
class MachinesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotRoom PILOTS = new PilotRoom(DATABASE);
  private static final Caller ADMIN = PilotRoom.admin();
  private static final Caller OPERATOR = PilotRoom.person("dteam", Caller.Reach.VO, "Operator");
  private static final Caller STRANGER = PilotRoom.person("biomed", Caller.Reach.VO, "Operator");
  private final MachineRoom room = new MachineRoom(PILOTS);

  @BeforeEach
  void clean() {
    DATABASE
        .jdbc()
        .sql("TRUNCATE pilots.machine, pilots.machine_secret, pilots.pilot, pilots.live")
        .update();
  }

  @AfterAll
  static void close() {
    PILOTS.close();
    DATABASE.close();
  }

  @Test
  void aCodeLetsItsMachineInOnce() {
    MachineAnswer asking = room.join("desk1", null);
    assertThat(asking.state()).isEqualTo(State.Asking);
    String code = String.valueOf(asking.code());
    assertThat(code).matches("[BCDFGHJKLMNPQRSTVWXZ]{8}");
    assertThat(room.join("desk1", null).code()).as("said again: the same code").isEqualTo(code);
    assertThat(room.ask("desk1").code()).isEqualTo(code);
    MachineInfo request = room.administration.list(OPERATOR, null, "asking").getFirst();
    assertThat(request.name()).isEqualTo("desk1");
    assertThat(request.address()).isEqualTo(MachineRoom.HOME);
    String typed = code.substring(0, 4).toLowerCase(Locale.ROOT) + "-" + code.substring(4);
    MachineApproval approval = new MachineApproval(typed, MachineRoom.SITE, null, null);
    MachineInfo approved = room.administration.approve(OPERATOR, approval);
    assertThat(approved.vo()).isEqualTo("dteam");
    assertThat(approved.queue()).isEqualTo("desks");
    assertThat(approved.letInBy()).isEqualTo("alice");
    assertThatThrownBy(() -> room.administration.approve(OPERATOR, approval))
        .hasMessageContaining("is used already");
    MachineAnswer run = room.ask("desk1");
    assertThat(run.state()).isEqualTo(State.Run);
    MachineAnswer.MachinePilot pilot = MachineRoom.pilot(run);
    assertThat(pilot.options()).isEqualTo("--idle=30s");
    assertThat(room.pilotSecrets.voOf(pilot.stamp(), pilot.secret())).hasValue("dteam");
    assertThat(room.administration.list(OPERATOR, null, "running")).hasSize(1);
    assertThat(room.join("desk1", null).state()).as("it stays in").isEqualTo(State.Joined);
  }

  @Test
  void codesEndAndAreRefused() {
    String code = String.valueOf(room.join("desk1", null).code());
    room.pass(Duration.ofHours(2));
    assertThat(room.ask("desk1").state()).isEqualTo(State.Expired);
    assertThatThrownBy(
            () ->
                room.administration.approve(
                    ADMIN, new MachineApproval(code, MachineRoom.SITE, null, null)))
        .hasMessageContaining("has ended");
    String other = String.valueOf(room.join("desk1", null).code());
    assertThat(other).isNotEqualTo(code);
    room.administration.refuse(ADMIN, new MachineRefusal(other, "unknown"));
    assertThat(room.ask("desk1").state()).isEqualTo(State.Refused);
    assertThat(room.ask("desk1").reason()).isEqualTo("refused by alice: unknown");
    assertThat(room.join("desk1", null).state()).isEqualTo(State.Refused);
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    SpinorException refusal =
        catchThrowableOfType(
            SpinorException.class,
            () ->
                room.administration.createSecret(
                    ADMIN, new MachineSecretRequest("atlas", "VAC.Desk.org", null, 5L, 0, null)));
    assertThat(refusal.problems())
        .containsExactly(
            "expires_seconds: expected 60 to 157680000, got 5",
            "max_machines: expected 1 or more, got 0",
            "site: no site 'VAC.Desk.org' in the configuration; did you mean VAC.Desks.org?",
            "vo: 'atlas' may not use the queue; biomed, dteam may");
    room.sites.change(MachineRoom.queue("desks", 2), MachineRoom.queue("big", 2));
    assertThatThrownBy(() -> room.letIn("desk1"))
        .hasMessageContaining("queue: say which one of vac/big, vac/desks");
    assertThatThrownBy(
            () ->
                room.desk.join(
                    new MachineJoin("short", "a\nb", null, null, null), MachineRoom.HOME))
        .hasMessageContaining("secret has 32 to 200 characters")
        .hasMessageContaining("control characters");
    assertThatThrownBy(() -> room.ask("nobody"))
        .isInstanceOfSatisfying(
            SpinorException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED));
  }

  @Test
  void operatorsLetInForTheirVoAlone() {
    String code = String.valueOf(room.join("desk1", null).code());
    assertThatThrownBy(
            () ->
                room.administration.approve(
                    STRANGER, new MachineApproval(code, MachineRoom.SITE, null, "dteam")))
        .hasMessageContaining("by its own operators");
    long id = room.letIn("desk1");
    assertThat(room.administration.list(STRANGER, null, null)).isEmpty();
    assertThatThrownBy(() -> room.administration.drain(STRANGER, id, null))
        .hasMessageContaining("no machine " + id);
  }

  @Test
  void machinesAtTheSameMomentTakeNoMorePlacesThanThereAre() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      names.add("desk" + i);
      room.letIn("desk" + i);
    }
    List<State> states = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<MachineAnswer>> answers = new ArrayList<>();
      names.forEach(name -> answers.add(threads.submit(() -> room.ask(name))));
      for (Future<MachineAnswer> answer : answers) {
        states.add(answer.get().state());
      }
    }
    assertThat(states.stream().filter(State.Run::equals)).hasSize(2);
    assertThat(states.stream().filter(State.Wait::equals)).hasSize(14);
    assertThat(room.administration.list(ADMIN, null, "waiting"))
        .hasSize(14)
        .allMatch(
            machine ->
                machine.reason().equals("the site is full: 2 of 2 machines (MaxTotalPilots)"));
  }

  @Test
  void aSecretLetsInAsManyAsItSays() {
    room.sites.change(MachineRoom.queue("desks", 10));
    String secret = secret(1);
    assertThat(room.join("vm1", secret).state()).isEqualTo(State.Joined);
    assertThat(room.join("vm2", secret).state()).isEqualTo(State.Joined);
    assertThat(room.ask("vm1").state()).isEqualTo(State.Run);
    assertThat(room.ask("vm2").reason())
        .isEqualTo("as many machines as its secret lets in are there: 1");
    room.desk.leave(new MachineCall(MachineRoom.secretOf("vm1"), null), MachineRoom.HOME);
    assertThat(room.ask("vm2").state()).isEqualTo(State.Run);
    assertThat(room.administration.list(ADMIN, null, "silent").getFirst().reason())
        .isEqualTo("it was stopped");
  }

  private String secret(int most) {
    MachineSecretInfo made =
        room.administration.createSecret(
            OPERATOR,
            new MachineSecretRequest("dteam", MachineRoom.SITE, null, 3600L, most, "cloud"));
    assertThat(room.administration.secrets(OPERATOR).getFirst().secret()).isNull();
    assertThat(room.administration.secrets(STRANGER)).isEmpty();
    return String.valueOf(made.secret());
  }

  @Test
  void revokedAndExpiredSecretsLetNobodyIn() {
    room.sites.change(MachineRoom.queue("desks", 10));
    String secret = secret(5);
    room.join("vm1", secret);
    String stamp = room.stamp(room.ask("vm1"));
    long id = room.administration.secrets(ADMIN).getFirst().id();
    room.administration.revokeSecret(OPERATOR, id, false);
    assertThatThrownBy(() -> room.join("vm2", secret)).hasMessageContaining("was revoked");
    assertThat(room.join("vm1", secret).state()).as("it is in").isEqualTo(State.Joined);
    room.administration.revokeSecret(OPERATOR, id, true);
    assertThat(room.heartbeat("vm1", stamp).state()).isEqualTo(State.Drain);
    assertThat(drains(stamp)).isTrue();
    assertThat(room.administration.secrets(ADMIN).getFirst().state()).isEqualTo("revoked");
    String other = secret(5);
    room.pass(Duration.ofHours(2));
    assertThatThrownBy(() -> room.join("vm3", other)).hasMessageContaining("has expired");
  }

  private static boolean drains(String stamp) {
    return DATABASE
        .jdbc()
        .sql("SELECT drain FROM pilots.pilot WHERE stamp = :stamp")
        .param("stamp", stamp)
        .query(Boolean.class)
        .single();
  }

  private static String status(String stamp) {
    return DATABASE
        .jdbc()
        .sql("SELECT status FROM pilots.pilot WHERE stamp = :stamp")
        .param("stamp", stamp)
        .query(String.class)
        .single();
  }

  @Test
  void aDrainedMachineStartsNoPilotUntilItIsUndrained() {
    long id = room.letIn("desk1");
    String stamp = room.stamp(room.ask("desk1"));
    assertThat(room.administration.drain(OPERATOR, id, "new kernel").state()).isEqualTo("draining");
    assertThat(drains(stamp)).isTrue();
    room.endings.end(List.of(stamp), PilotStatus.Done, "drained", false, false);
    MachineAnswer told = room.ask("desk1");
    assertThat(told.state()).isEqualTo(State.Drain);
    assertThat(told.reason()).isEqualTo("drained by alice: new kernel");
    assertThat(room.administration.list(ADMIN, null, null).getFirst().state()).isEqualTo("drained");
    room.administration.undrain(OPERATOR, id);
    room.pass(Duration.ofMinutes(2));
    assertThat(room.ask("desk1").state()).isEqualTo(State.Run);
  }

  @Test
  void aRemovedMachineIsOut() {
    long id = room.letIn("desk1");
    String stamp = room.stamp(room.ask("desk1"));
    room.administration.remove(ADMIN, id, "sold");
    assertThat(drains(stamp)).isTrue();
    assertThat(room.heartbeat("desk1", stamp).state()).isEqualTo(State.Refused);
    assertThat(room.ask("desk1").reason()).isEqualTo("taken out by alice: sold");
  }

  @Test
  void aSilentMachineLosesItsPlaceAndItsLatePilotDrains() {
    room.sites.change(MachineRoom.queue("desks", 1));
    room.letIn("desk1");
    room.letIn("desk2");
    String first = room.stamp(room.ask("desk1"));
    assertThat(room.ask("desk2").state()).isEqualTo(State.Wait);
    room.pass(Duration.ofSeconds(61));
    assertThat(room.ask("desk2").state()).as("its pilot may live").isEqualTo(State.Wait);
    room.watch.run("");
    assertThat(status(first)).as("it never spoke").isEqualTo("Aborted");
    assertThat(room.administration.list(ADMIN, null, "silent")).hasSize(1);
    assertThat(room.ask("desk2").state()).isEqualTo(State.Run);
    // it comes back, late, and its pilot speaks
    DATABASE
        .jdbc()
        .sql("UPDATE pilots.pilot SET status = 'Running' WHERE stamp = :stamp")
        .param("stamp", first)
        .update();
    assertThat(room.heartbeat("desk1", first).reason())
        .isEqualTo("it was silent, and its place was given to another machine");
    assertThat(drains(first)).isTrue();
    assertThat(room.ask("desk1").reason()).startsWith("the site is full: 1 of 1");
  }

  @Test
  void heartbeatsKeepThePlace() {
    room.sites.change(MachineRoom.queue("desks", 1));
    room.letIn("desk1");
    room.letIn("desk2");
    String stamp = room.stamp(room.ask("desk1"));
    for (int i = 0; i < 4; i++) {
      room.pass(Duration.ofSeconds(40));
      assertThat(room.heartbeat("desk1", stamp).state()).isEqualTo(State.Joined);
    }
    room.endings.end(List.of(stamp), PilotStatus.Done, "no work", false, false);
    assertThat(room.ask("desk2").state()).isEqualTo(State.Wait);
  }

  @Test
  void whoAsksAgainHasNoPilotAnyMore() {
    room.letIn("desk1");
    String first = room.stamp(room.ask("desk1"));
    DATABASE
        .jdbc()
        .sql("UPDATE pilots.pilot SET initial_job_id = 7, status = 'Running' WHERE stamp = :stamp")
        .param("stamp", first)
        .update();
    String second = room.stamp(room.ask("desk1"));
    assertThat(second).isNotEqualTo(first);
    assertThat(status(first)).isEqualTo("Aborted");
    assertThat(room.jobs.released())
        .filteredOn(release -> release.startsWith(first))
        .containsExactly(first + ": its machine says that it is gone");
  }

  @Test
  void pilotsThatFindNothingComeMoreAndMoreRarely() {
    room.letIn("desk1");
    String first = room.stamp(room.ask("desk1"));
    room.endings.end(List.of(first), PilotStatus.Failed, "the node is not fit", false, false);
    MachineAnswer rest = room.ask("desk1");
    assertThat(rest.state()).isEqualTo(State.Wait);
    assertThat(rest.reason()).isEqualTo("its last pilot ended without a job: the node is not fit");
    room.pass(Duration.ofSeconds(31));
    String second = room.stamp(room.ask("desk1"));
    room.endings.end(List.of(second), PilotStatus.Done, "no work", false, false);
    room.pass(Duration.ofSeconds(31));
    assertThat(room.ask("desk1").state()).isEqualTo(State.Wait);
    room.pass(Duration.ofSeconds(31));
    assertThat(room.ask("desk1").state()).isEqualTo(State.Run);
  }

  @Test
  void nothingStartsWithoutWorkOrWhereItMayNot() {
    long id = room.letIn("desk1");
    room.demand.work = false;
    assertThat(room.ask("desk1").reason()).isEqualTo("no work waits for it");
    assertThat(room.administration.list(ADMIN, null, null).getFirst().state()).isEqualTo("idle");
    room.demand.work = true;
    room.banned.reasons.put(MachineRoom.SITE, "cooling");
    assertThat(room.ask("desk1").reason()).isEqualTo("the site is banned: cooling");
    room.banned.reasons.clear();
    room.sites.change(MachineRoom.queue("other", 2));
    assertThat(room.ask("desk1").reason()).contains("is not in the configuration");
    assertThat(id).isPositive();
  }

  @Test
  void machinesThatDoNotComeBackAreForgotten() {
    room.letIn("desk1");
    room.join("desk2", null);
    room.sites.change(MachineRoom.queue("desks", 10));
    room.join("vm1", secret(5));
    room.pass(Duration.ofDays(8));
    room.watch.run("");
    assertThat(room.administration.list(ADMIN, null, null))
        .extracting(MachineInfo::name)
        .containsExactly("desk1");
    room.pass(Duration.ofDays(180));
    room.watch.run("");
    assertThat(room.administration.list(ADMIN, null, null)).isEmpty();
    assertThat(room.administration.secrets(ADMIN)).isEmpty();
  }
}
