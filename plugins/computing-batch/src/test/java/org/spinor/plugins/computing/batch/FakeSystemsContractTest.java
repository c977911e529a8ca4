package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/**
 * Batch systems that cannot be had here, by their commands with no cluster behind them, which
 * follow the manual pages: {@code src/test/sh/fake}.
 */
class FakeSystemsContractTest {

  @Nested
  class HtCondor extends Contract {
    HtCondor() {
      super("HTCondor", "condor", "condor_submit", "condor_q", "condor_history", "condor_rm");
    }
  }

  @Nested
  class PbsPro extends Contract {
    PbsPro() {
      super("PBS", "pbs", "qsub", "qselect", "qstat", "qdel");
    }
  }

  @Nested
  class Torque extends Contract {
    Torque() {
      super("Torque", "torque", "qsub", "qselect", "qstat", "qdel");
    }
  }

  @Nested
  class Lsf extends Contract {
    Lsf() {
      super("LSF", "lsf", "bsub", "bjobs", "bkill", "bqueues");
    }
  }

  @Nested
  class Bqs extends Contract {
    Bqs() {
      super("BQS", "bqs", "qsub", "qjob", "qdel");
    }
  }

  /** The commands of one system, in a folder of the test. */
  abstract static class Contract extends BatchContract {
    private final String system;
    private final String script;
    private final List<String> programs;

    /**
     * @param system as in the configuration
     * @param script of the stand-in
     */
    Contract(String system, String script, String... programs) {
      this.system = system;
      this.script = script;
      this.programs = List.of(programs);
    }

    @BeforeEach
    void installPrograms() {
      install("fake/batch.sh", "'" + data.resolve("cluster") + "' " + script, programs);
    }

    @Override
    protected ComputingElement open() {
      return new BatchPlugin()
          .create(
              new ComputingElementContext(
                  "LCG.Fake.test",
                  "batch.test",
                  "long",
                  Map.of(
                      "BatchSystem", system, "BatchFolder", programs(), "FileLatencySeconds", "1"),
                  Credentials.none(),
                  data.resolve("batch-ce"),
                  Duration.ofSeconds(60),
                  InstantSource.system()));
    }
  }
}
