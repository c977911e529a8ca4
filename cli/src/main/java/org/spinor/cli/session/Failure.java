package org.spinor.cli.session;

import java.util.List;

/** A command cannot do what was asked. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final List<String> hints;

  /**
   * @param exitCode of {@link ExitCode}
   * @param message what is wrong
   * @param hints what to do next, one line each; may be none
   */
  public Failure(int exitCode, String message, String... hints) {
    super(message);
    this.exitCode = exitCode;
    this.hints = List.of(hints);
  }

  public int exitCode() {
    return exitCode;
  }

  public List<String> hints() {
    return hints;
  }

  /** The failure of a wrong command line. */
  public static Failure usage(String message, String... hints) {
    return new Failure(ExitCode.USAGE, message, hints);
  }
}
