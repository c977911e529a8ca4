package org.spinor.spi.testkit;

import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotSubmission;

class InMemoryComputingElementTest extends ComputingElementContract {
  private final InMemoryBackEnd backEnd =
      new InMemoryBackEnd(InMemoryComputingElementTest::behaviour);

  private static Behaviour behaviour(PilotSubmission submission) {
    return Behaviour.valueOf(
        submission.environment().getOrDefault(Behaviour.VARIABLE, Behaviour.RUNS_LONG.name()));
  }

  @Override
  protected ComputingElement open() {
    return backEnd.element();
  }

  @Override
  protected int startsOf(String stamp) {
    return backEnd.startsOf(stamp);
  }
}
