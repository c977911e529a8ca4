package org.spinor.server.validation;

import java.util.List;
import java.util.Optional;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.validation.ResultValidator;
import org.spinor.spi.validation.ResultValidatorPlugin;
import org.spinor.spi.validation.Verdict;

/**
 * Accepts what is complete: the payload ended with exit code 0 (another result never comes here),
 * its files are there and of a size that can be. Finds machines that break, not people who lie.
 */
public final class ChecksPlugin implements ResultValidatorPlugin {
  static final List<Parameter> SIZES =
      List.of(
          Parameter.number("MinBytes", 1, "bytes", "Smaller result files are wrong."),
          Parameter.number("MaxBytes", 1_000_000_000, "bytes", "Larger result files are wrong."));

  @Override
  public String name() {
    return "Checks";
  }

  @Override
  public String description() {
    return "Accepts results whose files are all there, each of a size within limits.";
  }

  @Override
  public List<Parameter> parameters() {
    return SIZES;
  }

  @Override
  public ResultValidator create(Parameters parameters) {
    Present present = new Present(parameters.number("MinBytes"), parameters.number("MaxBytes"));
    return result -> {
      Optional<String> problem = present.problem(result);
      return problem.isPresent()
          ? new Verdict.Rejected(problem.get())
          : new Verdict.Accepted("its files are there: " + result.files().keySet(), "");
    };
  }
}
