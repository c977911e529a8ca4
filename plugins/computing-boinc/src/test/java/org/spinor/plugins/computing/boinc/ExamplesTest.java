package org.spinor.plugins.computing.boinc;

import java.util.Set;
import org.spinor.plugins.testbed.ExamplesContract;

class ExamplesTest extends ExamplesContract {
  ExamplesTest() {
    super(
        "BOINC",
        "boinc",
        BoincSettings.PARAMETERS,
        Set.of(
            "CEType", "CPUTime", "NumberOfProcessors", "MaxRAM", "IdlePilots", "MaxTotalPilots"));
  }
}
