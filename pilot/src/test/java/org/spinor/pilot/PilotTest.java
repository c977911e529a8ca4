package org.spinor.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.JobCommand;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.pilot.fake.FakeServer;

@Timeout(240)
class PilotTest {
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
  void aPilotRunsWhatItGetsAndEndsWhenIdle() throws Exception {
    List<Assignment> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(bench.server.pilots().enqueue(bench.jdl("echo " + i), 1, 0));
    }
    PilotBench.Inside pilot = bench.start();
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    for (Assignment job : jobs) {
      assertThat(last(job)).isEqualTo("Done/Execution Complete");
    }
    List<PilotMetadata> said = bench.server.pilots().metadata();
    assertThat(said.getFirst().status()).isEqualTo(PilotStatus.Running);
    assertThat(said.getFirst().benchMark()).isEqualTo(20);
    assertThat(said.getLast().status()).isEqualTo(PilotStatus.Done);
    assertThat(said.getLast().statusReason()).startsWith("no work for ");
    awaitLog("the pilot ends: no work");
    assertThat(bench.server.pilots().log())
        .contains(
            "[pilot] pilot stamp1", "node: cores = 4", "[job 1.1]", "the pilot ends: no work");
    assertThat(bench.server.pilots().log()).doesNotContain("s3cret", "payload-1", "pilot-token");
    assertThat(bench.server.pilots().heartbeats().getFirst().node())
        .containsEntry("cores", "4")
        .containsEntry("pilot_version", "test");
  }

  @Test
  void coresAndMemoryAreSharedOut() throws Exception {
    String wait = "until [ -e " + folder + "/go ]; do sleep 0.05; done";
    Assignment two = bench.server.pilots().enqueue(bench.jdl(wait), 2, 1000);
    Assignment greedy = bench.server.pilots().enqueue(bench.jdl(wait), 1, 7500);
    Assignment one = bench.server.pilots().enqueue(bench.jdl(wait), 1, 1000);
    Assignment tooMany = bench.server.pilots().enqueue(bench.jdl(wait), 3, 100);
    Assignment whole = bench.server.pilots().enqueueForWholeNode(bench.jdl("exit 0"));
    PilotBench.Inside pilot = bench.start();
    FakeServer.await("two run", () -> runs(two) && runs(one));
    FakeServer.await(
        "it asks again with what is free",
        () -> bench.server.pilots().offers().getLast().cores() == 1);
    assertThat(bench.server.pilots().offers().getLast().memoryMb()).isEqualTo(6000);
    assertThat(bench.server.pilots().offers().getLast().wholeNode()).isFalse();
    assertThat(bench.server.pilots().offers().getFirst().wholeNode()).isTrue();
    assertThat(runs(greedy) || runs(tooMany) || runs(whole)).isFalse();
    Files.writeString(folder.resolve("go"), "");
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    for (Assignment job : List.of(two, greedy, one, tooMany, whole)) {
      assertThat(last(job)).isEqualTo("Done/Execution Complete");
    }
  }

  @Test
  void anAnswerToAnOlderOfferIsNotTheLastWord() throws Exception {
    bench.server.pilots().waitSeconds(60);
    String wait = "until [ -e " + folder + "/go ]; do sleep 0.05; done";
    Assignment small = bench.server.pilots().enqueue(bench.jdl(wait), 1, 0);
    Assignment large = bench.server.pilots().enqueue(bench.jdl("exit 0"), 4, 0);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    bench.server.holdWork(first);
    PilotBench.Inside pilot = bench.start();
    FakeServer.await("it asks", () -> asked() == 1);
    bench.server.holdWork(second);
    first.countDown();
    FakeServer.await("it runs, and asks for more", () -> runs(small) && asked() == 2);
    Files.writeString(folder.resolve("go"), "");
    awaitLog("is over: DONE");
    second.countDown();
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    assertThat(last(large)).isEqualTo("Done/Execution Complete");
  }

  private long asked() {
    return bench.server.requests().stream().filter(each -> each.endsWith("/work")).count();
  }

  @Test
  void singleModeRunsOneAtATimeWithEverything() throws Exception {
    for (int i = 0; i < 3; i++) {
      bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0);
    }
    assertThat(bench.start("--mode=single", "--max-jobs=2").code()).isEqualTo(Pilot.DONE);
    assertThat(bench.server.pilots().offers())
        .hasSize(2)
        .allSatisfy(offer -> assertThat(offer.cores()).isEqualTo(4));
    assertThat(bench.server.pilots().metadata().getLast().statusReason())
        .isEqualTo("it has had its 2 jobs");
  }

  @Test
  void drainFinishesWhatRuns() throws Exception {
    Assignment job =
        bench
            .server
            .pilots()
            .enqueue(bench.jdl("until [ -e " + folder + "/go ]; do sleep 0.05; done"), 1, 0);
    PilotBench.Inside pilot = bench.start("--idle=1h");
    FakeServer.await("it runs", () -> runs(job));
    bench.server.pilots().drain();
    awaitLog("no more work is asked for");
    Assignment late = bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0);
    Files.writeString(folder.resolve("go"), "");
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    assertThat(last(job)).isEqualTo("Done/Execution Complete");
    assertThat(bench.server.jobs().reports(late.jobId())).isEmpty();
  }

  @Test
  void whatTheServerSaysOfAttemptsIsDone() throws Exception {
    Assignment lost = sleeper();
    Assignment killed = sleeper();
    PilotBench.Inside pilot = startAndRun(lost, killed);
    FakeServer.await(
        "a heartbeat names them",
        () -> bench.server.pilots().heartbeats().getLast().running().size() == 2);
    bench.server.pilots().lose(new AttemptId(lost.jobId(), 1));
    bench.server.pilots().command(new JobCommand(killed.jobId(), JobCommand.KILL, ""));
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    assertThat(last(killed)).isEqualTo("Killed/Received Kill signal");
    assertThat(last(lost)).startsWith("Running/");
  }

  @Test
  void thePageOfAProxyInPlaceOfAnswersIsNoReasonToEnd() throws Exception {
    Assignment lost = sleeper();
    Assignment killed = sleeper();
    PilotBench.Inside pilot = startAndRun(lost, killed);
    bench.server.garble(path -> path.endsWith("/heartbeat") || path.endsWith("/work"));
    awaitLog("the server does not answer");
    awaitLog("a heartbeat did not arrive");
    awaitLog("the server cannot be asked for work");
    bench.server.garble(path -> false);
    bench.server.pilots().lose(new AttemptId(lost.jobId(), 1));
    bench.server.jobs().command(killed.jobId(), JobCommand.KILL);
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    assertThat(last(killed)).isEqualTo("Killed/Received Kill signal");
  }

  @Test
  void aLostAnswerToARequestForWorkLosesNoJob() throws Exception {
    bench.server.pilots().waitSeconds(1);
    PilotBench.Inside pilot = bench.start("--idle=30s", "--max-jobs=4");
    FakeServer.await("it asks", () -> !bench.server.pilots().offers().isEmpty());
    List<Assignment> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      jobs.add(bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0));
      bench.server.loseAnswers(3);
    }
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    for (Assignment job : jobs) {
      assertThat(last(job)).isEqualTo("Done/Execution Complete");
      assertThat(
              bench.server.jobs().history(job.jobId()).stream()
                  .filter(text -> text.startsWith("Matched")))
          .hasSize(1);
    }
  }

  @Test
  void anIdlePilotWaitsForAServerThatIsAway() throws Exception {
    bench.server.down(true);
    PilotBench.Inside pilot = bench.start();
    FakeServer.await("it tries", () -> bench.server.requests().size() > 1);
    Assignment job = bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0);
    bench.server.down(false);
    assertThat(pilot.code()).isEqualTo(Pilot.DONE);
    assertThat(last(job)).isEqualTo("Done/Execution Complete");
    awaitLog("the server does not answer");
  }

  @Test
  void aServerThatStaysAwayEndsTheWait() throws Exception {
    bench.server.down(true);
    assertThat(bench.start("--server-patience=1s").code()).isEqualTo(Pilot.FAILED);
  }

  @Test
  void tokensAreRenewedBeforeTheyEndAndAfterARefusal() throws Exception {
    bench.server.pilots().tokenLife(2);
    Assignment job = bench.server.pilots().enqueue(bench.jdl("sleep 4"), 1, 0);
    assertThat(bench.start().code()).isEqualTo(Pilot.DONE);
    assertThat(bench.server.pilots().tokens()).isGreaterThan(2);
    assertThat(last(job)).isEqualTo("Done/Execution Complete");
  }

  @Test
  void aPilotThatTheServerGaveUpStopsItsJobs() throws Exception {
    bench.server.pilots().tokenLife(1);
    Assignment job = sleeper();
    PilotBench.Inside pilot = startAndRun(job);
    bench.server.pilots().end();
    assertThat(pilot.code()).isEqualTo(Pilot.FAILED);
    assertThat(last(job)).startsWith("Running/");
  }

  @Test
  void anUnfitNodeTakesNoJobAndSaysWhy() throws Exception {
    Assignment job = bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0);
    assertThat(bench.start("--min-disk=900000000", "--min-memory=90000000").code())
        .isEqualTo(Pilot.FAILED);
    PilotMetadata said = bench.server.pilots().metadata().getLast();
    assertThat(said.status()).isEqualTo(PilotStatus.Failed);
    assertThat(said.statusReason()).contains("MB are free", "MB of memory");
    awaitLog("the node is not fit");
    assertThat(bench.server.jobs().reports(job.jobId())).isEmpty();
  }

  @Test
  void aNodeThatFailsJobsStopsTakingThem() throws Exception {
    for (int i = 0; i < 10; i++) {
      bench.server.pilots().enqueue(bench.jdl("exit 0"), 4, 0);
    }
    bench.server.sandboxes().damageDownloads(1000);
    assertThat(bench.start("--download-patience=0s").code()).isEqualTo(Pilot.FAILED);
    assertThat(bench.server.jobs().requeued()).hasSize(3);
    assertThat(bench.server.pilots().metadata().getLast().statusReason())
        .isEqualTo("3 attempts in a row were failed by this node");
  }

  @Test
  void aShortSlotTakesNoJob() throws Exception {
    Assignment job = bench.server.pilots().enqueue(bench.jdl("exit 0"), 1, 0);
    assertThat(bench.start("--max-wall=200s").code()).isEqualTo(Pilot.DONE);
    assertThat(bench.server.jobs().reports(job.jobId())).isEmpty();
    assertThat(bench.server.pilots().metadata().getLast().statusReason()).contains("time left");
  }

  /** It comes by a thread of its own. */
  private void awaitLog(String words) throws InterruptedException {
    FakeServer.await("the log says: " + words, () -> bench.server.pilots().log().contains(words));
  }

  private Assignment sleeper() {
    return bench.server.pilots().enqueue(bench.jdl("sleep 1000"), 1, 0);
  }

  private PilotBench.Inside startAndRun(Assignment... jobs) throws Exception {
    PilotBench.Inside pilot = bench.start();
    FakeServer.await("they run", () -> Stream.of(jobs).allMatch(this::runs));
    return pilot;
  }

  private boolean runs(Assignment job) {
    return last(job).startsWith("Running/Application/");
  }

  private String last(Assignment job) {
    List<String> history = bench.server.jobs().history(job.jobId());
    return history.isEmpty() ? "" : history.getLast();
  }
}
