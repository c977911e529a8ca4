package org.spinor.server.jobs.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.server.jobs.rows.JobState;
import org.spinor.server.jobs.rows.LogLine;

class StatusRulesTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private static JobState state(JobStatus status) {
    return new JobState(status, "minor", "application", null, null, null);
  }

  private static Report report(int second, @Nullable JobStatus status) {
    return report(second, status, null, "JobWrapper");
  }

  private static Report report(
      int second, @Nullable JobStatus status, @Nullable String minor, String source) {
    return new Report(START.plusSeconds(second), new JobStatusUpdate(status, minor, null, source));
  }

  private static StatusRules.Outcome apply(JobStatus status, Report... reports) {
    return StatusRules.apply(state(status), Optional.of(START), List.of(reports), false);
  }

  @Test
  void reportsAreTakenInTheOrderOfTheirTimes() {
    StatusRules.Outcome outcome =
        apply(
            JobStatus.Matched,
            report(3, JobStatus.Done),
            report(1, JobStatus.Running),
            report(2, JobStatus.Completing));
    assertThat(outcome.state().status()).isEqualTo(JobStatus.Done);
    assertThat(outcome.state().startExecTime()).isEqualTo(START.plusSeconds(1));
    assertThat(outcome.state().endExecTime()).isEqualTo(START.plusSeconds(3));
    assertThat(outcome.state().heartBeatTime()).isEqualTo(START.plusSeconds(3));
    assertThat(outcome.newestTime()).contains(START.plusSeconds(3));
  }

  @Test
  void refusedTransitionKeepsTheStatusTakesTheRestAndIsMarked() {
    StatusRules.Outcome outcome =
        apply(JobStatus.Killed, report(1, JobStatus.Done, "Execution Complete", "JobWrapper"));
    assertThat(outcome.state().status()).isEqualTo(JobStatus.Killed);
    assertThat(outcome.state().minorStatus()).isEqualTo("Execution Complete");
    assertThat(outcome.state().endExecTime()).isNull();
    LogLine line = outcome.log().getFirst();
    assertThat(line.status()).isEqualTo(JobStatus.Killed);
    assertThat(line.source()).isEqualTo("JobWrapper(SM)");
  }

  @Test
  void forcePassesOverTheStateMachine() {
    StatusRules.Outcome outcome =
        StatusRules.apply(
            state(JobStatus.Done), Optional.of(START), List.of(report(1, JobStatus.Running)), true);
    assertThat(outcome.state().status()).isEqualTo(JobStatus.Running);
    assertThat(outcome.log().getFirst().source()).isEqualTo("JobWrapper");
  }

  @Test
  void lateReportEntersTheLogAlone() {
    StatusRules.Outcome outcome = apply(JobStatus.Done, report(-5, JobStatus.Running, "x", "Job"));
    assertThat(outcome.counted()).isFalse();
    assertThat(outcome.state().status()).isEqualTo(JobStatus.Done);
    assertThat(outcome.state().minorStatus()).isEqualTo("minor");
    assertThat(outcome.state().startExecTime())
        .as("it did run, and now we know since when")
        .isEqualTo(START.minusSeconds(5));
    assertThat(outcome.log()).hasSize(1);
    assertThat(outcome.log().getFirst().late()).isTrue();
  }

  @Test
  void stalledJobThatSpeaksRuns() {
    assertThat(apply(JobStatus.Stalled, report(1, null)).state().status())
        .isEqualTo(JobStatus.Running);
    assertThat(apply(JobStatus.Stalled, report(1, JobStatus.Completing)).state().status())
        .isEqualTo(JobStatus.Completing);
    assertThat(apply(JobStatus.Stalled, report(-1, JobStatus.Done)).state().status())
        .as("only late news")
        .isEqualTo(JobStatus.Stalled);
  }

  @Test
  void onlyTheJobsOwnSideCountsAsHeartBeat() {
    assertThat(apply(JobStatus.Running, report(1, null, "m", "JobAgent")).state().heartBeatTime())
        .isEqualTo(START.plusSeconds(1));
    assertThat(apply(JobStatus.Running, report(1, null, "m", "Heartbeat")).state().heartBeatTime())
        .isEqualTo(START.plusSeconds(1));
    assertThat(apply(JobStatus.Running, report(1, null, "m", "web")).state().heartBeatTime())
        .isNull();
  }

  @Test
  void textOfAPayloadIsCutToItsColumnAndStorable() {
    StatusRules.Outcome outcome =
        apply(JobStatus.Running, report(1, null, "a\0b" + "x".repeat(500), "Job"));
    assertThat(outcome.state().minorStatus()).hasSize(128).startsWith("a\uFFFDb").endsWith("...");
  }

  /** The rules as slowly and plainly as they can be written. */
  private static JobState model(JobState before, Instant newest, List<Report> reports) {
    List<Report> sorted = new ArrayList<>(reports);
    sorted.sort(Comparator.comparing(Report::time));
    JobStatus status = before.status();
    String minor = before.minorStatus();
    Instant start = before.startExecTime();
    Instant end = before.endExecTime();
    Instant beat = before.heartBeatTime();
    boolean any = sorted.stream().anyMatch(report -> !report.time().isBefore(newest));
    for (Report report : sorted) {
      JobStatus wanted = report.update().status();
      if (report.time().isBefore(newest)) {
        boolean began =
            List.of(
                    JobStatus.Matched,
                    JobStatus.Running,
                    JobStatus.Stalled,
                    JobStatus.Completing,
                    JobStatus.Done,
                    JobStatus.Completed,
                    JobStatus.Failed,
                    JobStatus.Killed,
                    JobStatus.Deleted)
                .contains(before.status());
        if (wanted == JobStatus.Running && start == null && began) {
          start = report.time();
        }
        continue;
      }
      if (any && status == JobStatus.Stalled && isFirstThatCounts(sorted, report, newest)) {
        status = JobStatus.Running;
      }
      boolean allowed = wanted == null || wanted == status || status.next().contains(wanted);
      if (allowed && wanted != null) {
        status = wanted;
        if (wanted == JobStatus.Running && start == null) {
          start = report.time();
        }
        boolean over =
            List.of(JobStatus.Done, JobStatus.Completed, JobStatus.Failed, JobStatus.Killed)
                .contains(wanted);
        if (over && end == null) {
          end = report.time();
        }
      }
      if (report.update().minorStatus() != null) {
        minor = report.update().minorStatus();
      }
      if (report.source().startsWith("Job") && (beat == null || beat.isBefore(report.time()))) {
        beat = report.time();
      }
    }
    return new JobState(status, minor, before.applicationStatus(), start, end, beat);
  }

  private static boolean isFirstThatCounts(List<Report> sorted, Report report, Instant newest) {
    return sorted.stream()
        .filter(r -> !r.time().isBefore(newest))
        .findFirst()
        .orElseThrow()
        .equals(report);
  }

  @Provide
  Arbitrary<List<Report>> reports() {
    Arbitrary<Report> one =
        Combinators.combine(
                Arbitraries.integers().between(-5, 12),
                Arbitraries.of(JobStatus.class).injectNull(0.2),
                Arbitraries.of("a", "b", "c").injectNull(0.3),
                Arbitraries.of("JobWrapper", "web"))
            .as(StatusRulesTest::report);
    // No two reports at the same moment: their order is the sender's affair.
    return one.list().ofMaxSize(8).uniqueElements(Report::time);
  }

  @Property(tries = 3000)
  void rulesAgreeWithTheModel(@ForAll JobStatus status, @ForAll("reports") List<Report> reports) {
    StatusRules.Outcome outcome =
        StatusRules.apply(state(status), Optional.of(START), reports, false);
    assertThat(outcome.state()).isEqualTo(model(state(status), START, reports));
    assertThat(outcome.log()).hasSize(reports.size());
  }

  @Property(tries = 1000)
  void orderOfArrivalInOneCallDoesNotMatter(
      @ForAll JobStatus status, @ForAll("reports") List<Report> reports, @ForAll Random random) {
    List<Report> shuffled = new ArrayList<>(reports);
    Collections.shuffle(shuffled, random);
    assertThat(StatusRules.apply(state(status), Optional.of(START), shuffled, false))
        .isEqualTo(StatusRules.apply(state(status), Optional.of(START), reports, false));
  }

  @Property(tries = 1000)
  void whatComesTwiceChangesTheJobOnce(
      @ForAll JobStatus status, @ForAll("reports") List<Report> reports) {
    StatusRules.Outcome once = StatusRules.apply(state(status), Optional.of(START), reports, false);
    StatusRules.Outcome twice =
        StatusRules.apply(
            once.state(), Optional.of(once.newestTime().orElse(START)), reports, false);
    assertThat(twice.state().status())
        .as("only a stalled job that is heard again may differ")
        .satisfiesAnyOf(
            again -> assertThat(again).isEqualTo(once.state().status()),
            again -> assertThat(once.state().status()).isEqualTo(JobStatus.Stalled));
    assertThat(twice.log().stream().allMatch(LogLine::late)).isTrue();
  }
}
