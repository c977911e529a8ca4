package org.spinor.cli.machines;

import picocli.CommandLine.Option;

/** Why something is done to machines. */
final class ReasonOption {
  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; shown to everybody who asks, and on the machine.")
  private String reason = "";

  String reason() {
    return reason;
  }
}
