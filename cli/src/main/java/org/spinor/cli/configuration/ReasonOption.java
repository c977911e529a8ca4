package org.spinor.cli.configuration;

import picocli.CommandLine.Option;

/** The option of every command that changes the configuration. */
final class ReasonOption {
  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      required = true,
      description = "Why; kept with the version and shown in the history.")
  private String reason = "";

  String text() {
    return reason;
  }
}
