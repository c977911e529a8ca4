package org.spinor.jdl;

import java.util.List;
import java.util.stream.Collectors;

/** A text is no job description. The message shows all problems, as a terminal can print them. */
public final class JdlException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<JdlProblem> problems;

  JdlException(List<JdlProblem> problems, boolean more) {
    super(render(problems, more));
    this.problems = List.copyOf(problems);
  }

  /** All problems in the order of the text, at least one and at most {@link Jdl#MAX_PROBLEMS}. */
  public List<JdlProblem> problems() {
    return problems;
  }

  private static String render(List<JdlProblem> problems, boolean more) {
    String head =
        problems.size() == 1
            ? "1 problem in the job description"
            : problems.size() + " problems in the job description";
    return problems.stream()
        .map(JdlProblem::render)
        .collect(Collectors.joining("\n", head + (more ? " (and more)" : "") + ":\n", ""));
  }
}
