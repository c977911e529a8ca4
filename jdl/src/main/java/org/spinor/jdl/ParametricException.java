package org.spinor.jdl;

import java.util.List;
import java.util.stream.Collectors;

/** The parameters of a parametric job make no sense. The message shows all problems. */
public final class ParametricException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  ParametricException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.attribute() + ": " + problem.message())
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, at least one and at most {@link Jdl#MAX_PROBLEMS}. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One thing that is wrong.
   *
   * @param attribute the attribute as it was written, such as {@code Parameters.energy}
   * @param message what is wrong with it
   */
  public record Problem(String attribute, String message) {}
}
