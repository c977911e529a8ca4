package org.spinor.cli.session;

import org.spinor.cli.console.Output;
import org.spinor.cli.console.Terminal;
import picocli.CommandLine.Option;

/** The option of every command that prints data. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "Print as ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output form = Output.table;

  public Output form() {
    return form;
  }

  /** Prints data in the form asked for. */
  public void print(Terminal terminal, Object data, Runnable forPeople) {
    form.print(terminal, data, forPeople);
  }
}
