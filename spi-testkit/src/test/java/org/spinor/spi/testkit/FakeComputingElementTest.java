package org.spinor.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Fault;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.FakeComputingElement.Call;

class FakeComputingElementTest {
  private final InMemoryBackEnd backEnd = new InMemoryBackEnd();
  private final FakeComputingElement fake = new FakeComputingElement(backEnd);

  @Test
  void lostAnswerLeavesTheWorkDone() {
    fake.next(Call.SUBMIT, new Misbehaviour.LosesAnswer(new TemporaryException("reset")));
    assertThatThrownBy(() -> fake.submit(List.of(pilot("a"))))
        .isInstanceOf(TemporaryException.class);
    assertThat(backEnd.accepted()).isEqualTo(1);
    assertThat(fake.submit(List.of(pilot("a")))).first().isInstanceOf(SubmitResult.Accepted.class);
    assertThat(backEnd.accepted()).isEqualTo(1);
    assertThat(fake.calls(Call.SUBMIT)).isEqualTo(2);
  }

  @Test
  void requestThatArrivesTwiceStartsTwoPilotsOnACarelessBackEnd() {
    backEnd.forgetsStamps();
    fake.next(Call.SUBMIT, new Misbehaviour.DeliversTwice());
    fake.submit(List.of(pilot("a")));
    assertThat(backEnd.startsOf("a")).isEqualTo(2);
  }

  @Test
  void partialFailureDoesTheRest() {
    fake.next(Call.SUBMIT, new Misbehaviour.RefusesEvery(2, Fault.TEMPORARY, "busy"));
    assertThat(fake.submit(List.of(pilot("a"), pilot("b"), pilot("c"))))
        .extracting(result -> result instanceof SubmitResult.Accepted)
        .containsExactly(true, false, true);
  }

  @Test
  void liesAreToldUntilItBehaves() {
    PilotReference reference =
        ((SubmitResult.Accepted) fake.submit(List.of(pilot("a"))).getFirst()).reference();
    fake.always(Call.STATUS, new Misbehaviour.Lies(PilotState.UNKNOWN));
    assertThat(fake.status(List.of(reference)))
        .hasEntrySatisfying(
            reference, report -> assertThat(report.state()).isEqualTo(PilotState.UNKNOWN));
    fake.next(Call.STATUS, new Misbehaviour.LeavesOut());
    assertThat(fake.status(List.of(reference))).isEmpty();
    fake.behave();
    assertThat(fake.status(List.of(reference)))
        .hasEntrySatisfying(
            reference, report -> assertThat(report.state()).isEqualTo(PilotState.RUNNING));
  }

  @Test
  void slotsAndQueueHaveTheirLimits() {
    backEnd.slots(1).queueLimit(2);
    List<SubmitResult> results = fake.submit(List.of(pilot("a"), pilot("b"), pilot("c")));
    assertThat(results.getLast())
        .isInstanceOfSatisfying(
            SubmitResult.Refused.class,
            refused -> assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY));
    assertThat(backEnd.startsOf("b")).isZero();
    backEnd.finish("a", 0);
    assertThat(backEnd.startsOf("b")).isEqualTo(1);
  }

  private static PilotSubmission pilot(String stamp) {
    return new PilotSubmission(
        stamp, "testvo", "exit 0", Map.of(), List.of(), PilotSubmission.Size.oneCore());
  }

  /** An obedient fake is an honest element. */
  @Nested
  class Contract extends ComputingElementContract {
    private final InMemoryBackEnd contractBackEnd =
        new InMemoryBackEnd(
            submission ->
                Behaviour.valueOf(
                    submission
                        .environment()
                        .getOrDefault(Behaviour.VARIABLE, Behaviour.RUNS_LONG.name())));

    @Override
    protected ComputingElement open() {
      return new FakeComputingElement(contractBackEnd);
    }

    @Override
    protected int startsOf(String stamp) {
      return contractBackEnd.startsOf(stamp);
    }
  }
}
