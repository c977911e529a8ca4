package org.spinor.plugins.computing.batch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.spinor.spi.computing.PilotReport;

/** No answer, however cut or spoilt, makes a pilot end that has not. */
class HostileAnswersTest {
  private static final String SLURM =
      """
      4711_1|RUNNING|node07|None
      4711_12|COMPLETED|node07|None
      4711_3|FAILED|node07|NonZeroExitCode
      """;

  /** Whole answers. */
  enum Sample {
    SQUEUE(SLURM),
    QSTAT_XML(GridEngineTest.QSTAT),
    QACCT(GridEngineTest.QACCT),
    QSTAT_PRO(PbsTest.QSTAT),
    QSTAT_TORQUE(PbsTest.TORQUE_QSTAT),
    BJOBS(LsfTest.BJOBS),
    CONDOR_ADS(HtCondorTest.ADS),
    OARSTAT(OarTest.OARSTAT);

    private final String answer;

    Sample(String answer) {
      this.answer = answer;
    }

    BatchSystem system() {
      return switch (this) {
        case SQUEUE -> new Slurm();
        case QSTAT_XML, QACCT -> new GridEngine();
        case QSTAT_PRO -> new Pbs(Pbs.Flavour.PBS_PRO);
        case QSTAT_TORQUE -> new Pbs(Pbs.Flavour.TORQUE);
        case BJOBS -> new Lsf();
        case CONDOR_ADS -> new HtCondor(java.util.Optional.empty());
        case OARSTAT -> new Oar();
      };
    }

    Map<String, PilotReport> read(String text) {
      return this == QACCT ? system().histories(text) : system().statuses(text);
    }
  }

  @Property
  void whatIsCutOffAnywhereEndsNobodyWhoHasNotEnded(
      @ForAll Sample sample, @ForAll("share") double share) {
    String cut = sample.answer.substring(0, (int) (sample.answer.length() * share));
    Map<String, PilotReport> whole = sample.read(sample.answer);
    Map<String, PilotReport> ended = new HashMap<>(sample.read(cut));
    ended.values().removeIf(report -> !report.state().isFinal());
    ended.forEach(
        (id, report) ->
            assertThat(Jobs.report(whole, id).state()).as(id).isEqualTo(report.state()));
  }

  @Property
  void linesThatAreDroppedEndNobody(@ForAll Sample sample, @ForAll("share") double share) {
    String[] lines = sample.answer.split("(?<=\n)");
    StringBuilder less = new StringBuilder();
    int dropped = (int) (lines.length * share);
    for (int i = 0; i < lines.length; i++) {
      // Only lines of tables stand for themselves.
      if (i != dropped || (sample != Sample.SQUEUE && sample != Sample.BJOBS)) {
        less.append(lines[i]);
      }
    }
    Map<String, PilotReport> whole = sample.read(sample.answer);
    sample
        .read(less.toString())
        .forEach((id, report) -> assertThat(whole).containsEntry(id, report));
  }

  @Property
  void rubbishIsNoReasonToFail(
      @ForAll Sample sample, @ForAll String rubbish, @ForAll("share") double share) {
    int at = (int) (sample.answer.length() * share);
    String spoilt = sample.answer.substring(0, at) + rubbish + sample.answer.substring(at);
    assertThatCode(
            () -> {
              sample.system().statuses(spoilt);
              sample.system().histories(spoilt);
              sample.system().submitted(Jobs.array(3), spoilt);
              sample.system().found(Jobs.array(3), spoilt);
              sample.system().complaints().fault(spoilt);
            })
        .doesNotThrowAnyException();
  }

  @Property
  void bannersOfLoginScriptsChangeNothing(@ForAll Sample sample, @ForAll("banner") String banner) {
    assertThat(sample.read(banner + "\n" + sample.answer)).isEqualTo(sample.read(sample.answer));
  }

  @Provide
  Arbitrary<Double> share() {
    return Arbitraries.doubles().between(0, 0.999).ofScale(3);
  }

  @Provide
  Arbitrary<String> banner() {
    return Arbitraries.strings().alpha().numeric().withChars(" !*-#").ofMaxLength(60);
  }
}
