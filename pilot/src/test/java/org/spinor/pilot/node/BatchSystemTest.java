package org.spinor.pilot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchSystemTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Duration AGE = Duration.ofMinutes(10);

  @TempDir Path root;
  private FakeHost machine;

  @BeforeEach
  void prepare() {
    machine = new FakeHost(root);
  }

  @Test
  void withoutABatchSystemThereIsNone() {
    assertThat(BatchSystem.detect(machine.host())).isEmpty();
    machine.variable("JOB_ID", "7"); // many things set this one
    assertThat(BatchSystem.detect(machine.host())).isEmpty();
  }

  @Test
  void slurm() {
    machine
        .variable("SLURM_JOB_ID", "4711")
        .variable("SLURM_CPUS_ON_NODE", "16")
        .variable("SLURM_MEM_PER_CPU", "2000")
        .prints("squeue -h -j 4711 -o %L", "1-11:59:30");
    found(BatchSystem.SLURM, "4711", 16L, 33_554L, Duration.ofHours(36).minusSeconds(30));
    machine.prints("squeue -h -j 4711 -o %L", "UNLIMITED");
    assertThat(BatchSystem.SLURM.timeLeft(machine.host(), NOW, AGE)).isEmpty();
  }

  /** As Slurm numbers the last task of an array; the number alone means all tasks. */
  @Test
  void slurmsArrayTaskAsksForItselfAlone() {
    machine
        .variable("SLURM_JOB_ID", "4711")
        .variable("SLURM_ARRAY_JOB_ID", "4711")
        .variable("SLURM_ARRAY_TASK_ID", "3")
        .prints("squeue -h -j 4711 -o %L", "20:00\n10:00\n05:00\n")
        .prints("squeue -h -j 4711_3 -o %L", "05:00");
    assertThat(BatchSystem.SLURM.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofMinutes(5));
    assertThat(BatchSystem.SLURM.id(machine.host())).isEqualTo("4711_3");
  }

  @Test
  void slurmWithoutItsCommandsOnTheNodeSaysTheEndInTheEnvironment() {
    machine
        .variable("SLURM_JOB_ID", "4711")
        .variable("SLURM_JOB_END_TIME", Long.toString(NOW.getEpochSecond() + 600));
    assertThat(BatchSystem.SLURM.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofMinutes(10));
    machine.prints("squeue -h -j 4711 -o %L", "UNLIMITED");
    assertThat(BatchSystem.SLURM.timeLeft(machine.host(), NOW, AGE))
        .as("what is asked counts more")
        .isEmpty();
  }

  @Test
  void sgeQueuesHaveLimitsThatNobodyAskedFor() {
    machine
        .variable("JOB_ID", "99")
        .variable("SGE_ROOT", "/sge")
        .variable("QUEUE", "long.q")
        .prints("qstat -j 99", "job_number:                 99\n")
        .prints(
            "qconf -sq long.q",
            """
            qname                 long.q
            hostlist              @allhosts
            s_rt                  INFINITY
            h_rt                  48:00:00,[wn1.example.org=36:00:00]
            s_cpu                 INFINITY
            """);
    assertThat(BatchSystem.SGE.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofHours(36).minus(AGE));
    machine.prints("qstat -j 99", "hard resource_list:         h_rt=3600\n");
    assertThat(BatchSystem.SGE.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofHours(1).minus(AGE));
    machine.prints("qconf -sq long.q", "h_rt                  INFINITY\n");
    machine.prints("qstat -j 99", "job_number:                 99\n");
    assertThat(BatchSystem.SGE.timeLeft(machine.host(), NOW, AGE)).isEmpty();
  }

  @Test
  void oldLsfHasNoChoiceOfColumns() {
    machine
        .variable("LSB_JOBID", "5")
        .prints(
            "bjobs -l 5",
            """
            Job <5>, User <pilot>, Project <default>, Status <RUN>, Queue <long>, Command <sh>
            Thu Nov 26 18:00:00: Submitted from host <ce>, CWD <$HOME>;

             RUNLIMIT
             2880.0 min of wn1
            Thu Nov 26 18:00:10: Started on <wn1>, Execution Home </home/pilot>;
            """);
    assertThat(BatchSystem.LSF.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofHours(48).minus(AGE));
    machine.prints("bjobs -l 5", "Job <5>, User <pilot>, Status <RUN>\n");
    assertThat(BatchSystem.LSF.timeLeft(machine.host(), NOW, AGE)).isEmpty();
  }

  @Test
  void pbs() {
    machine
        .variable("PBS_JOBID", "12.server")
        .variable("PBS_NUM_PPN", "8")
        .prints(
            "qstat -f 12.server",
            """
            Job Id: 12.server
                Job_Name = pilot
                resources_used.cput = 00:10:00
                resources_used.walltime = 01:00:00
                Resource_List.cput = 100:00:00
                Resource_List.walltime = 24:00:00
            """);
    found(BatchSystem.PBS, "12.server", 8L, null, Duration.ofHours(23));
    machine.prints(
        "qstat -f 12.server",
        "Job Id: 12\n    Walltime.Remaining = 600\n    Resource_List.walltime = 24:00:00\n");
    assertThat(BatchSystem.PBS.timeLeft(machine.host(), NOW, AGE)).hasValue(Duration.ofMinutes(10));
  }

  @Test
  void sge() {
    machine
        .variable("JOB_ID", "99")
        .variable("SGE_ROOT", "/sge")
        .variable("NSLOTS", "4")
        .prints(
            "qstat -j 99",
            """
            job_number:                 99
            hard resource_list:         h_rt=86400,s_rt=86000,h_vmem=4G
            usage    1:                 wallclock=01:00:00, cpu=00:59:00, mem=100 GBs
            """);
    found(BatchSystem.SGE, "99", 4L, null, Duration.ofSeconds(86000 - 3600));
    machine.prints("qstat -j 99", "hard resource_list:         h_rt=24:00:00\n");
    assertThat(BatchSystem.SGE.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofHours(24).minus(AGE));
  }

  @Test
  void lsf() {
    machine
        .variable("LSB_JOBID", "5")
        .variable("LSB_DJOB_NUMPROC", "2")
        .prints("bjobs -noheader -o time_left 5", "23:54 L");
    found(BatchSystem.LSF, "5", 2L, null, Duration.ofMinutes(23 * 60 + 54));
    machine.prints("bjobs -noheader -o time_left 5", "-");
    assertThat(BatchSystem.LSF.timeLeft(machine.host(), NOW, AGE)).isEmpty();
  }

  @Test
  void htcondor() {
    machine
        .variable("_CONDOR_JOB_AD", "/job.ad")
        .variable("_CONDOR_MACHINE_AD", "/machine.ad")
        .file(
            "/job.ad",
            """
            AllowedJobDuration = 7200
            ClusterId = 17
            JobCurrentStartDate = 1799999400
            ProcId = 3
            """)
        .file("/machine.ad", "Cpus = 8\nMemory = 16000\nName = \"slot1\"\n");
    found(BatchSystem.HTCONDOR, "17.3", 8L, 16_777L, Duration.ofSeconds(6600));
    machine.file("/machine.ad", "Cpus = 8\nGLIDEIN_ToDie = 1800000100\n");
    assertThat(BatchSystem.HTCONDOR.timeLeft(machine.host(), NOW, AGE))
        .hasValue(Duration.ofSeconds(100));
  }

  @Test
  void aBatchServerThatDoesNotAnswerLeavesTheTimeUnknown() {
    machine.variable("SLURM_JOB_ID", "1");
    assertThat(BatchSystem.SLURM.timeLeft(machine.host(), NOW, AGE)).isEmpty();
  }

  @Test
  void timeLeftCountsDownBetweenQuestionsAndKeepsWhatIsLess() {
    machine.variable("SLURM_JOB_ID", "1").prints("squeue -h -j 1 -o %L", "1:00:00");
    Instant[] now = {NOW};
    TimeLeft timeLeft =
        new TimeLeft(machine.host(), () -> now[0], NOW, Optional.of(Duration.ofHours(2)));
    assertThat(timeLeft.left()).hasValue(Duration.ofHours(1));
    machine.prints("squeue -h -j 1 -o %L", "UNLIMITED");
    now[0] = NOW.plusSeconds(60);
    assertThat(timeLeft.left()).hasValue(Duration.ofMinutes(59));
    now[0] = NOW.plus(Duration.ofMinutes(6));
    assertThat(timeLeft.left()).hasValue(Duration.ofMinutes(114));
    now[0] = NOW.plus(Duration.ofHours(3));
    assertThat(timeLeft.left()).hasValue(Duration.ZERO);
  }

  private void found(
      BatchSystem system, String id, Long cores, @Nullable Long memory, Duration left) {
    Host host = machine.host();
    assertThat(BatchSystem.detect(host)).hasValue(system);
    assertThat(system.id(host)).isEqualTo(id);
    assertThat(system.cores(host)).isEqualTo(Optional.of(cores));
    assertThat(system.memoryMb(host)).isEqualTo(Optional.ofNullable(memory));
    assertThat(system.timeLeft(host, NOW, AGE)).hasValue(left);
  }
}
