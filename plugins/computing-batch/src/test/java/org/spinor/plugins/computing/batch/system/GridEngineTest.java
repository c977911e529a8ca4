package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

class GridEngineTest {
  /** qstat -xml of 8.1.9 and 6.2u5. */
  static final String QSTAT =
      """
      <?xml version='1.0'?>
      <job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">
        <queue_info>
          <job_list state="running">
            <JB_job_number>31</JB_job_number>
            <JAT_prio>0.55500</JAT_prio>
            <JB_name>sp1x</JB_name>
            <JB_owner>pilot</JB_owner>
            <state>r</state>
            <JAT_start_time>2024-02-11T11:02:11</JAT_start_time>
            <queue_name>main.q@node07.example.org</queue_name>
            <slots>1</slots>
            <tasks>1</tasks>
          </job_list>
          <job_list state="running">
            <JB_job_number>33</JB_job_number>
            <JB_name>other</JB_name>
            <state>dr</state>
            <queue_name>main.q@node08</queue_name>
            <slots>1</slots>
          </job_list>
        </queue_info>
        <job_info>
          <job_list state="pending">
            <JB_job_number>31</JB_job_number>
            <JB_name>sp1x</JB_name>
            <state>qw</state>
            <queue_name></queue_name>
            <slots>1</slots>
            <tasks>2-6:2,9</tasks>
          </job_list>
          <job_list state="pending">
            <JB_job_number>34</JB_job_number>
            <state>hqw</state>
          </job_list>
          <job_list state="pending">
            <JB_job_number>35</JB_job_number>
            <state>Eqw</state>
          </job_list>
        </job_info>
      </job_info>
      """;

  /** qacct -j of 8.1.9. */
  static final String QACCT =
      """
      ==============================================================
      qname        main.q
      hostname     node07.example.org
      owner        pilot
      jobname      sp1x
      jobnumber    31
      taskid       1
      failed       0
      exit_status  0
      ru_wallclock 12s
      ==============================================================
      qname        main.q
      hostname     node07.example.org
      jobnumber    31
      taskid       2
      failed       0
      exit_status  3
      ru_wallclock 12s
      ==============================================================
      qname        main.q
      hostname     node08
      jobnumber    31
      taskid       3
      failed       100 : assumedly after job
      exit_status  137                  (Killed)
      ru_wallclock 12s
      ==============================================================
      jobnumber    32
      taskid       undefined
      failed       0
      exit_status  143
      ru_wallclock 1
      ==============================================================
      jobnumber    33
      taskid       undefined
      failed       0
      exit_status  0
      """;

  private final GridEngine engine = new GridEngine();

  @Test
  void scriptAsksForWhatThePilotsNeed() {
    assertThat(engine.script(Jobs.large()))
        .contains(
            "#$ -N sp1x\n",
            "#$ -o /area/.batches/sp1x/out.$TASK_ID\n",
            "#$ -t 1-3\n",
            "#$ -q long\n",
            "#$ -P physics\n",
            "#$ -pe smp 8\n",
            "#$ -l h_vmem=2000M\n",
            "#$ -l gpu=2\n",
            "#$ -l h_rt=5400\n")
        .endsWith("\"$SGE_TASK_ID\" \"$JOB_ID.$SGE_TASK_ID\"\n");
    assertThat(engine.script(Jobs.one()))
        .doesNotContain("-t ", "-pe ", "-l ")
        .endsWith(" 1 \"$JOB_ID\"\n");
  }

  /** qacct -j of a real 8.1.9, shortened. */
  @Test
  void limitThatWasExceededIsTold() {
    String record =
        """
        ==============================================================
        hostname     vm
        jobnumber    %d
        taskid       undefined
        slots        1
        failed       37  : qmaster enforced h_rt, h_cpu, or h_vmem limit
        exit_status  137                  (Killed)
        ru_wallclock %ds
        maxvmem      %s
        category     -l %s
        """;
    Map<String, PilotReport> reports =
        engine.histories(
            record.formatted(1, 1, "356.605MB", "h_vmem=200M")
                + record.formatted(2, 6, "3.410MB", "h_rt=5,h_vmem=200M -pe smp 1")
                + record.formatted(3, 6, "3.410MB", "h_rt=INFINITY"));
    String word = "37  : qmaster enforced h_rt, h_cpu, or h_vmem limit";
    assertThat(Jobs.report(reports, "1"))
        .isEqualTo(
            Answers.report(
                PilotState.ABORTED,
                word + ": beyond its memory, maxvmem 356.605MB of h_vmem 200M",
                OptionalInt.of(137),
                "vm"));
    assertThat(Jobs.report(reports, "2").reason())
        .isEqualTo(word + ": beyond its wall time, h_rt 5");
    assertThat(Jobs.report(reports, "3").reason()).isEqualTo(word);
  }

  @Test
  void ownParallelEnvironmentReplacesTheUsualOne() {
    BatchJob large = Jobs.large();
    BatchJob own =
        new BatchJob(
            large.name(),
            large.folder(),
            large.area(),
            large.tools(),
            1,
            large.size(),
            new BatchJob.Place("", "", List.of("-pe multicore {cores}"), List.of(), List.of()));
    assertThat(engine.script(own)).contains("#$ -pe multicore 8\n").doesNotContain("-pe smp");
  }

  @Test
  void numbersAreFound() {
    assertThat(engine.submitted(Jobs.one(), "31\n")).containsExactly("31");
    assertThat(engine.submitted(Jobs.array(2), "31.1-2:1\n")).containsExactly("31.1", "31.2");
    assertThat(engine.submitted(Jobs.one(), "Unable to run job: denied\n")).isEmpty();
  }

  @Test
  void qstatTellsRunningAndWaitingTasks() {
    Map<String, PilotReport> reports = engine.statuses(QSTAT);
    assertThat(reports).containsOnlyKeys("31.1", "31.2", "31.4", "31.6", "31.9", "33", "34", "35");
    assertThat(Jobs.report(reports, "31.1"))
        .isEqualTo(
            Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), "node07.example.org"));
    assertThat(Jobs.report(reports, "31.4").state()).isEqualTo(PilotState.WAITING);
    assertThat(Jobs.report(reports, "33").state()).isEqualTo(PilotState.RUNNING);
    assertThat(Jobs.report(reports, "34").state()).isEqualTo(PilotState.HELD);
    assertThat(Jobs.report(reports, "35").state()).isEqualTo(PilotState.HELD);
    assertThat(Jobs.report(reports, "35").reason()).contains("Eqw");
  }

  @Test
  void qacctTellsHowJobsEnded() {
    Map<String, PilotReport> reports = engine.histories(QACCT);
    assertThat(reports).containsOnlyKeys("31.1", "31.2", "31.3", "32");
    assertThat(Jobs.report(reports, "31.1").state()).isEqualTo(PilotState.DONE);
    assertThat(Jobs.report(reports, "31.2").exitCode()).hasValue(3);
    assertThat(Jobs.report(reports, "31.3"))
        .isEqualTo(
            Answers.report(
                PilotState.ABORTED, "100 : assumedly after job", OptionalInt.of(137), "node08"));
    assertThat(Jobs.report(reports, "32").state()).isEqualTo(PilotState.ABORTED);
  }

  @Test
  void tasksOfOneJobAreCancelledTogether() {
    assertThat(engine.cancel(List.of("31.1", "40", "31.2", "41")))
        .containsExactly(
            BatchCommand.of("qdel", "40", "41"), BatchCommand.of("qdel", "31", "-t", "1,2"));
  }

  /** qstat -g c of 8.1.9. */
  @Test
  void queueIsCounted() {
    assertThat(
            engine.queueState(
                "main.q",
                List.of(
                    """
                    CLUSTER QUEUE                   CQLOAD   USED    RES  AVAIL  TOTAL aoACDS  cdsuE
                    --------------------------------------------------------------------------------
                    main.q                            0.05      3      0      5      8      0      0
                    """)))
        .isEqualTo(new QueueInfo(OptionalInt.empty(), OptionalInt.of(3), OptionalInt.of(5)));
  }

  @Test
  void complaintsAreUnderstood() {
    assertThat(engine.complaints().onlyGone("denied: job \"99\" does not exist\n")).isTrue();
    assertThat(
            engine
                .complaints()
                .fault("Unable to run job: Job was rejected because job requests unknown queue"))
        .isEqualTo(Fault.PLATFORM);
    assertThat(
            engine
                .complaints()
                .fault("error: commlib error: got select error (Connection refused)"))
        .isEqualTo(Fault.TEMPORARY);
  }

  @Test
  void jobIsFoundAgainByItsName() {
    assertThat(engine.found(Jobs.array(2), QSTAT)).containsExactly("31.1", "31.2");
  }
}
