package org.spinor.server.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.resources.TestSites;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.testkit.FakeComputingElement.Call;
import org.spinor.spi.testkit.InMemoryBackEnd;
import org.spinor.spi.testkit.Misbehaviour;

/** Provisioning on a real database against computing elements that do what sites really do. */
class ProvisioningTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Configuration.Queue NORTH =
      TestSites.queue("LCG.North.org", "ce.north.org", "long", "Fake", 1, 5, 10, Map.of());
  private static final Configuration.Queue SOUTH =
      TestSites.queue("LCG.South.org", "ce.south.org", "long", "Fake", 1, 5, 10, Map.of());

  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, new FakeJobs());
  private final ProvisioningRoom room = new ProvisioningRoom(DATABASE, DRIVER, NORTH, SOUTH);

  @BeforeEach
  void clean() {
    DATABASE
        .jdbc()
        .sql("TRUNCATE pilots.pilot, pilots.live, pilots.log, provisioning.queue")
        .update();
  }

  @AfterEach
  void closeRoom() {
    room.close();
  }

  @AfterAll
  static void close() {
    DRIVER.close();
    DATABASE.close();
  }

  @Test
  void noPilotForNothing() {
    room.cycles(3);
    assertThat(room.backEnd(NORTH).accepted()).isZero();
    assertThat(room.backEnd(SOUTH).accepted()).isZero();
  }

  @Test
  void asManyPilotsAsWorkIsSharedOutAmongTheQueues() {
    room.demand(6, NORTH, SOUTH);
    room.cycles(5);
    assertThat(room.backEnd(NORTH).accepted() + room.backEnd(SOUTH).accepted()).isEqualTo(6);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(6);
  }

  @Test
  void limitsOfTheQueueHoldWhateverTheDemand() {
    room.demand(100_000, NORTH);
    room.cycles(4);
    assertThat(room.backEnd(NORTH).accepted()).as("idle").isEqualTo(5);
    room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
    room.cycles(4);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(10);
    room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
    room.cycles(4);
    assertThat(room.backEnd(NORTH).accepted()).as("most").isEqualTo(10);
  }

  @Test
  void submissionCarriesTheSecretOnlyInItsFile() {
    room.demand(1, NORTH);
    room.cycles(1);
    PilotSubmission sent = room.backEnd(NORTH).living().getFirst();
    assertThat(sent.environment())
        .containsEntry("SPINOR_SERVER", "http://spinor.example.org:8000")
        .containsEntry("SPINOR_PILOT_STAMP", sent.stamp())
        .containsEntry(
            "SPINOR_PILOT_OPTIONS",
            "--site=LCG.North.org --ce=ce.north.org --queue=long --cores=1 --cpu-time=86400 --idle=30s");
    PilotSubmission.InputFile secret =
        sent.files().stream().filter(PilotSubmission.InputFile::secret).findFirst().orElseThrow();
    assertThat(secret.name()).isEqualTo("pilot.secret");
    assertThat(room.opens(sent.stamp(), secret.content().strip())).isTrue();
    assertThat(sent.environment().toString() + sent.script())
        .doesNotContain(secret.content().strip());
  }

  @Test
  void lostAnswerStartsNoSecondPilot() {
    room.fake(NORTH)
        .next(Call.SUBMIT, new Misbehaviour.LosesAnswer(new TemporaryException("reset by peer")));
    room.demand(3, NORTH);
    room.cycles(4);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(3);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(3);
    for (PilotSubmission pilot : room.backEnd(NORTH).living()) {
      String secret =
          pilot.files().stream()
              .filter(PilotSubmission.InputFile::secret)
              .findFirst()
              .orElseThrow()
              .content()
              .strip();
      assertThat(room.opens(pilot.stamp(), secret))
          .as("the pilot has the secret of the first try")
          .isTrue();
    }
  }

  @Test
  void requestDeliveredTwiceStartsNoSecondPilot() {
    room.fake(NORTH).next(Call.SUBMIT, new Misbehaviour.DeliversTwice());
    room.demand(3, NORTH);
    room.cycles(4);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(3);
  }

  @Test
  void serverThatDiesBetweenWritingAndSendingLosesNoPilot() {
    room.demand(2, NORTH);
    room.fake(NORTH).always(Call.SUBMIT, new Misbehaviour.Hangs());
    room.cycleWithoutWaiting();
    room.await(() -> room.fake(NORTH).calls(Call.SUBMIT) == 1);
    room.close();
    assertThat(room.statuses()).containsOnly("Submitted").hasSize(2);
    Set<String> written = room.stamps();
    try (ProvisioningRoom next = new ProvisioningRoom(DATABASE, DRIVER, NORTH, SOUTH)) {
      next.demand(2, NORTH);
      next.await(
          () -> {
            // again and again: the last words of the dead one may reach the database late
            next.leasesRunOut();
            next.cycles(1);
            return next.backEnd(NORTH).living().size() >= 2;
          });
      Set<String> sent = new HashSet<>();
      next.backEnd(NORTH).living().forEach(pilot -> sent.add(pilot.stamp()));
      assertThat(sent).isEqualTo(written);
    }
  }

  @Test
  void slowWorkKeepsItsQueueFromOtherServers() {
    room.demand(2, NORTH);
    room.fake(NORTH).always(Call.SUBMIT, new Misbehaviour.Hangs());
    room.cycleWithoutWaiting();
    room.await(() -> room.fake(NORTH).calls(Call.SUBMIT) == 1);
    room.await(() -> room.held(NORTH));
    room.leasesRunOut();
    room.await(() -> room.held(NORTH));
    try (ProvisioningRoom other = new ProvisioningRoom(DATABASE, DRIVER, NORTH, SOUTH)) {
      other.demand(2, NORTH);
      other.cycles(2);
      assertThat(other.backEnd(NORTH).accepted()).isZero();
      room.close();
      other.await(
          () -> {
            // who is interrupted may not get as far as to give the queue back
            other.leasesRunOut();
            other.cycles(1);
            return other.backEnd(NORTH).accepted() >= 2;
          });
      assertThat(other.backEnd(NORTH).accepted()).isEqualTo(2);
    }
  }

  @Test
  void partialRefusalsAreTriedAgain() {
    room.fake(NORTH)
        .next(Call.SUBMIT, new Misbehaviour.RefusesEvery(2, Fault.TEMPORARY, "try later"));
    room.demand(4, NORTH);
    room.cycles(1);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(2);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    room.cycles(2);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(4);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(4);
  }

  @Test
  void fullQueueIsNoBrokenQueue() {
    room.backEnd(NORTH).queueLimit(2);
    room.demand(5, NORTH);
    room.cycles(6);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(2);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    assertThat(room.stamps()).hasSize(5);
  }

  @Test
  void pilotsThatCanNeverRunThereStopTheQueueAtOnce() {
    room.fake(NORTH)
        .always(Call.SUBMIT, new Misbehaviour.RefusesEvery(1, Fault.USER, "no such queue"));
    room.demand(3, NORTH);
    room.cycles(3);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.lastError(NORTH)).contains("no such queue");
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).isEqualTo(1);
    assertThat(room.statuses()).containsOnly("Failed");
  }

  @Test
  void unreachableQueueIsLeftAloneLongerAndLongerAndTheOtherTakesItsWork() {
    room.fake(NORTH)
        .always(Call.SUBMIT, new Misbehaviour.Fails(new TemporaryException("connection refused")));
    room.demand(4, NORTH, SOUTH);
    room.cycles(2);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    room.cycles(3);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).isEqualTo(3);
    assertThat(room.pause(NORTH)).isEqualTo(60);
    assertThat(room.backEnd(SOUTH).accepted()).as("all of the work").isEqualTo(4);
    room.cycles(3);
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).as("not called while open").isEqualTo(3);

    room.age(NORTH, Duration.ofSeconds(61));
    room.cycles(3);
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).as("one probe").isEqualTo(4);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.pause(NORTH)).isEqualTo(120);

    room.fake(NORTH).behave();
    room.demand(20, NORTH, SOUTH);
    room.age(NORTH, Duration.ofSeconds(121));
    room.cycles(1);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    room.cycles(2);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(5);
  }

  @Test
  void pausesEndAtAnHour() {
    room.fake(NORTH)
        .always(Call.SUBMIT, new Misbehaviour.Fails(new TemporaryException("connection refused")));
    room.demand(1, NORTH);
    room.cycles(3);
    for (int i = 0; i < 10; i++) {
      room.age(NORTH, Duration.ofHours(2));
      room.cycles(1);
    }
    assertThat(room.pause(NORTH)).isEqualTo(3600);
  }

  @Test
  void changedConfigurationIsTriedAtOnce() {
    room.fake(NORTH)
        .always(Call.SUBMIT, new Misbehaviour.Fails(new MisconfiguredException("unknown host")));
    room.demand(2, NORTH);
    room.cycles(2);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.fake(NORTH).calls(Call.SUBMIT)).as("no use in trying again").isEqualTo(1);
    room.fake(NORTH).behave();
    room.configure(
        TestSites.queue("LCG.North.org", "ce.north.org", "long", "Fake", 2, 5, 10, Map.of()),
        SOUTH);
    room.cycles(2);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    assertThat(room.backEnd(NORTH).accepted()).isPositive();
  }

  @Test
  void slowSiteDelaysNoOther() {
    room.fake(NORTH).always(Call.SUBMIT, new Misbehaviour.Hangs());
    room.demand(5, NORTH);
    room.cycleWithoutWaiting();
    room.demand(3, SOUTH);
    room.cycleWithoutWaiting();
    room.await(() -> room.backEnd(SOUTH).accepted() == 3);
    assertThat(room.backEnd(NORTH).accepted()).isZero();
  }

  @Test
  void callThatTakesTooLongIsAFailure() {
    try (ProvisioningRoom impatient = ProvisioningRoom.impatient(DATABASE, DRIVER, NORTH)) {
      impatient.fake(NORTH).next(Call.SUBMIT, new Misbehaviour.Hangs());
      impatient.demand(1, NORTH);
      impatient.cycles(1);
      assertThat(impatient.lastError(NORTH)).contains("no answer within");
      impatient.cycles(1);
      assertThat(impatient.backEnd(NORTH).accepted()).isEqualTo(1);
    }
  }

  @Test
  void unknownPluginIsToldInWords() {
    room.configure(
        TestSites.queue("LCG.North.org", "ce.north.org", "long", "Nope", 1, 1, 1, Map.of()));
    room.demand(1, NORTH);
    room.cycles(2);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.lastError(NORTH))
        .isEqualTo(
            "no plug-in for computing elements of type 'Nope'; installed are Asking, Fake, Folders, Twice");
    room.configure(
        TestSites.queue("LCG.North.org", "ce.north.org", "long", "Twice", 1, 1, 1, Map.of()));
    room.cycles(2);
    assertThat(room.lastError(NORTH)).isEqualTo("2 plug-ins call themselves 'Twice'");
  }

  @Test
  void wrongParametersAreToldInWords() {
    room.configure(
        TestSites.queue(
            "LCG.North.org", "ce.north.org", "long", "Fake", 1, 1, 1, Map.of("Prot", "443")));
    room.demand(1, NORTH);
    room.cycles(2);
    assertThat(room.lastError(NORTH)).isEqualTo("Prot: no such parameter; did you mean Port?");
  }

  @Test
  void elementThatGivesTheSameReferenceTwiceIsNotBelieved() {
    room.fake(NORTH).next(Call.SUBMIT, new Misbehaviour.SameReferenceForAll());
    room.demand(3, NORTH);
    room.cycles(3);
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(3);
    assertThat(room.references()).doesNotHaveDuplicates().hasSize(3);
    assertThat(room.statuses()).containsOnly("Waiting");
  }

  @Test
  void waitingPilotsAreTakenBackWhenTheirWorkIsGone() {
    room.demand(3, NORTH);
    room.cycles(2);
    room.demand(0);
    room.cycles(2);
    assertThat(room.backEnd(NORTH).living()).as("not at once").hasSize(3);
    room.pass(Duration.ofSeconds(61));
    room.cycles(2);
    assertThat(room.backEnd(NORTH).living()).isEmpty();
    assertThat(room.statuses()).containsOnly("Deleted").hasSize(3);
  }

  @Test
  void cancellationThatFailsIsRepeated() {
    room.demand(3, NORTH);
    room.cycles(2);
    room.demand(0);
    room.cycles(1);
    room.pass(Duration.ofSeconds(61));
    room.fake(NORTH).next(Call.CANCEL, new Misbehaviour.RefusesEvery(2, Fault.TEMPORARY, "busy"));
    room.cycles(1);
    assertThat(room.backEnd(NORTH).living()).hasSize(1);
    room.cycles(1);
    assertThat(room.backEnd(NORTH).living()).isEmpty();
  }

  @Test
  void pilotsThatEndWithoutAWordStopTheQueueUntilOneSpeaks() {
    room.demand(100, NORTH);
    room.cycles(1);
    killAll();
    room.cycles(1);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.lastError(NORTH)).contains("end without a word").contains("err ");
    assertThat(room.statuses()).containsOnly("Aborted");
    assertThat(room.outputOf(room.stamps().iterator().next()))
        .contains("--- standard error, kept by the computing element ---");

    room.age(NORTH, Duration.ofSeconds(61));
    room.cycles(3);
    assertThat(room.backEnd(NORTH).living()).as("one to see").hasSize(1);
    assertThat(room.breaker(NORTH)).isEqualTo("half-open");
    killAll();
    room.cycles(1);
    assertThat(room.breaker(NORTH)).isEqualTo("open");
    assertThat(room.pause(NORTH)).isEqualTo(120);

    room.age(NORTH, Duration.ofSeconds(121));
    room.cycles(2);
    room.speak(room.backEnd(NORTH).living().getFirst().stamp(), 1);
    room.cycles(2);
    assertThat(room.breaker(NORTH)).isEqualTo("closed");
    assertThat(room.backEnd(NORTH).living()).hasSize(6);
  }

  private void killAll() {
    room.backEnd(NORTH).living().forEach(pilot -> room.backEnd(NORTH).finish(pilot.stamp(), 1));
    room.age(Duration.ofSeconds(31));
  }

  @Test
  void elementThatKnowsNothingIsBornePatiently() {
    room.demand(2, NORTH);
    room.cycles(2);
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.Lies(PilotState.UNKNOWN));
    for (int i = 0; i < 3; i++) {
      room.age(Duration.ofSeconds(31));
      room.cycles(1);
    }
    assertThat(room.statuses()).containsOnly("Unknown").hasSize(2);
    room.fake(NORTH).behave();
    room.age(Duration.ofSeconds(31));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Waiting").hasSize(2);
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.LeavesOut());
    room.age(Duration.ofSeconds(31));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Unknown");
    room.demand(0);
    room.age(Duration.ofMinutes(61));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Aborted").hasSize(2);
  }

  @Test
  void liesAboutPilotsThatSpeakAreNotBelieved() {
    room.demand(2, NORTH);
    room.cycles(2);
    room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
    room.demand(0);
    room.fake(NORTH).always(Call.STATUS, new Misbehaviour.Lies(PilotState.ABORTED));
    for (int i = 0; i < 3; i++) {
      room.age(Duration.ofSeconds(31));
      room.backEnd(NORTH).living().forEach(pilot -> room.speak(pilot.stamp(), 1));
      room.cycles(1);
    }
    assertThat(room.statuses()).containsOnly("Running").hasSize(2);
  }

  @Test
  void pilotThatVanishedWhileRunningIsAborted() {
    room.demand(1, NORTH);
    room.cycles(2);
    String stamp = room.backEnd(NORTH).living().getFirst().stamp();
    room.speak(stamp, 1);
    room.demand(0);
    room.backEnd(NORTH).finish(stamp, 137);
    room.age(Duration.ofSeconds(31));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Failed");
    assertThat(room.released()).anyMatch(line -> line.startsWith(stamp));
  }

  @Test
  void pilotsOfAQueueThatIsGoneAreForgottenInTime() {
    room.demand(2, NORTH);
    room.fake(NORTH).next(Call.SUBMIT, new Misbehaviour.RefusesEvery(2, Fault.TEMPORARY, "busy"));
    room.cycles(1);
    room.configure(SOUTH);
    room.demand(0);
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Waiting", "Deleted").hasSize(2);
    room.age(Duration.ofMinutes(61));
    room.cycles(1);
    assertThat(room.statuses()).containsOnly("Aborted", "Deleted");
  }

  @Test
  void endedPilotsArePurgedAfterADay() {
    room.demand(1, NORTH);
    room.cycles(1);
    String stamp = room.backEnd(NORTH).living().getFirst().stamp();
    room.backEnd(NORTH).finish(stamp, 1);
    room.age(Duration.ofSeconds(31));
    room.cycles(1);
    room.age(Duration.ofHours(25));
    room.cycles(2);
    assertThat(room.purged(stamp)).isTrue();
    InMemoryBackEnd backEnd = room.backEnd(NORTH);
    assertThat(backEnd.element().submit(List.of()).isEmpty()).isTrue();
  }

  @Test
  void twoServersSendNoMoreThanOne() throws Exception {
    try (ProvisioningRoom other = room.anotherServer()) {
      room.demand(4, NORTH);
      other.demand(4, NORTH);
      for (int i = 0; i < 6; i++) {
        Thread first = Thread.ofVirtual().start(room::workQueuesOnly);
        Thread second = Thread.ofVirtual().start(other::workQueuesOnly);
        first.join();
        second.join();
        room.cycles(1);
      }
    }
    assertThat(room.backEnd(NORTH).accepted()).isEqualTo(4);
  }
}
