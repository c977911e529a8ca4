package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/** The plain host, BQS, and what all systems share. */
class OtherSystemsTest {
  private final PlainHost host = new PlainHost(() -> "/area/.tools");
  private final Bqs bqs = new Bqs();

  @Test
  void plainHostStartsPilotsInOneCommand() {
    assertThat(host.submit(Jobs.array(2)).arguments())
        .containsExactly("sh", "/area/.tools/host.sh", "submit", "/area/.batches/sp1x", "2");
    assertThat(host.submitted(Jobs.array(2), "started 1 100.7s1\nstarted 2 101.7s1\n"))
        .containsExactly("100.7s1", "101.7s1");
    assertThat(host.submitted(Jobs.array(2), "started 1 100.7s1\n")).isEmpty();
    assertThat(host.submitted(Jobs.array(2), "started 2 100.7s1\nstarted 1 101.7s1\n")).isEmpty();
  }

  @Test
  void plainHostTellsOnlyWhoRuns() {
    Map<String, PilotReport> reports =
        host.statuses("Last login: today\n100.7s1 running\n101.7s1 gone\n");
    assertThat(reports).containsOnlyKeys("100.7s1");
    assertThat(host.queueState("", List.of("running 3\n")).running()).hasValue(3);
  }

  @Test
  void bqsKnowsJobsByTheirNames() {
    assertThat(bqs.submitted(Jobs.one(), "The job sp1x submitted\n")).containsExactly("sp1x");
    assertThat(bqs.submitted(Jobs.one(), "unknown class\n")).isEmpty();
    Map<String, PilotReport> reports =
        bqs.statuses(
            """
            sp1x pilot physics RUNNING 00:01:02 ccwl0007
            sp2x pilot physics QUEUED
            sp3x pilot physics ENDED
            sp4x pilot physics WHATEVER
            """);
    assertThat(reports).containsOnlyKeys("sp1x", "sp2x", "sp3x");
    assertThat(Jobs.report(reports, "sp1x").state()).isEqualTo(PilotState.RUNNING);
  }

  @Test
  void everyNameHasASystem() {
    for (String name : BatchSystems.NAMES) {
      assertThat(BatchSystems.named(name, () -> "/t").name()).isNotBlank();
    }
    assertThatThrownBy(() -> BatchSystems.named("Moab", () -> "/t"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("Slurm");
  }

  @Test
  void unknownVariablesAreTold() {
    BatchJob.Place place =
        new BatchJob.Place("", "", List.of("--mem={memory}", "${HOME} {}"), List.of(), List.of());
    BatchJob job = new BatchJob("a", "/f", "/a", "/t", 1, Jobs.one().size(), place);
    assertThatThrownBy(() -> new Slurm().script(job))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("{memory}")
        .hasMessageContaining("memory_mb");
  }

  @Test
  void bracesThatAreNoVariablesStay() {
    assertThat(Directives.fill(List.of("a ${HOME} {} {1} $x\\"), Jobs.one()))
        .containsExactly("a ${HOME} {} {1} $x\\");
  }

  @Test
  void wordsAreQuotedForShells() {
    assertThat(JobScript.quoted("it's $HOME `x`")).isEqualTo("'it'\\''s $HOME `x`'");
  }

  @Test
  void refusalsAreGivenToTheJobsThatTheyName() {
    Complaints complaints = new Slurm().complaints();
    assertThat(
            complaints.refusals(
                Set.of("12", "120", "13"),
                "error on job id 12: Access denied\nerror on job id 13: Invalid job id specified\n"))
        .containsOnlyKeys("12");
    assertThat(complaints.refusals(Set.of("12", "13"), "cannot connect\n"))
        .containsOnlyKeys("12", "13");
  }
}
