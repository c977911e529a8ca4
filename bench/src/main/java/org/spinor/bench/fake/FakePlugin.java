package org.spinor.bench.fake;

import java.time.Duration;
import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.testkit.FakeComputingElement;
import org.spinor.spi.testkit.FakeComputingElement.Call;
import org.spinor.spi.testkit.InMemoryBackEnd;
import org.spinor.spi.testkit.Misbehaviour;

/** Makes computing elements in memory: {@code CEType: Fake}. */
public final class FakePlugin implements ComputingElementPlugin {
  private static final Duration USUAL = Duration.ofMillis(50);
  private static final int LOST_ANSWERS = 1_000;
  private static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.choice(
              "Behaviour",
              "good",
              List.of("good", "slow", "lossy", "hangs"),
              "good answers in 50 ms; slow after SlowSeconds; lossy loses every second answer and does what was asked; hangs never answers."),
          Parameter.number("SlowSeconds", 30, "s", "How long a slow element takes to answer."));

  @Override
  public String name() {
    return "Fake";
  }

  @Override
  public String description() {
    return "Sites that exist in the server's memory only.";
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    Parameters parameters = Parameters.of(PARAMETERS, context.parameters());
    String behaviour = parameters.text("Behaviour").orElseThrow();
    FakeComputingElement element = new FakeComputingElement(new InMemoryBackEnd());
    Misbehaviour misbehaviour =
        switch (behaviour) {
          case "slow" -> new Misbehaviour.Slow(parameters.seconds("SlowSeconds"));
          case "hangs" -> new Misbehaviour.Hangs();
          default -> new Misbehaviour.Slow(USUAL);
        };
    for (Call call : Call.values()) {
      element.always(call, misbehaviour);
    }
    if (behaviour.equals("lossy")) {
      for (int i = 0; i < LOST_ANSWERS; i++) {
        element.next(
            Call.SUBMIT,
            new Misbehaviour.LosesAnswer(new TemporaryException("the answer was lost")),
            misbehaviour);
      }
    }
    return element;
  }
}
