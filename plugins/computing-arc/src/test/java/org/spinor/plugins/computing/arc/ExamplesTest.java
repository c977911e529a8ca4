package org.spinor.plugins.computing.arc;

import java.util.Set;
import org.spinor.plugins.testbed.ExamplesContract;

class ExamplesTest extends ExamplesContract {
  ExamplesTest() {
    super(
        "ARC",
        "arc",
        ArcSettings.PARAMETERS,
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
