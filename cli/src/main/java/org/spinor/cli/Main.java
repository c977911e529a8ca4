package org.spinor.cli;

import picocli.CommandLine;

/** Entry point of the {@code spinor} command. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SpinorCommand()).execute(arguments));
  }
}
