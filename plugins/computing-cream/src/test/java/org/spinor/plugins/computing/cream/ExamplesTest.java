package org.spinor.plugins.computing.cream;

import java.util.Set;
import org.spinor.plugins.testbed.ExamplesContract;

class ExamplesTest extends ExamplesContract {
  ExamplesTest() {
    super(
        "CREAM",
        "cream",
        CreamSettings.PARAMETERS,
        Set.of(
            "CEType",
            "CPUTime",
            "NumberOfProcessors",
            "MaxRAM",
            "NumberOfGPUs",
            "RequiredTag",
            "IdlePilots",
            "MaxTotalPilots"));
  }
}
