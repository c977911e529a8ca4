package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program to run.
 *
 * @param arguments the program first; never a line for a shell
 * @param input what it reads from its standard input; empty: nothing
 */
public record BatchCommand(List<String> arguments, String input) {
  public BatchCommand {
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command has a program");
    }
  }

  public static BatchCommand of(String... arguments) {
    return new BatchCommand(List.of(arguments), "");
  }

  public static BatchCommand of(List<String> arguments) {
    return new BatchCommand(arguments, "");
  }

  /** The same with further arguments. */
  public BatchCommand and(List<String> more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(more);
    return new BatchCommand(all, input);
  }

  public BatchCommand and(String... more) {
    return and(List.of(more));
  }

  public BatchCommand reading(String text) {
    return new BatchCommand(arguments, text);
  }

  /**
   * As a line for a shell, for where nothing else is taken: every word is quoted, so that the shell
   * changes none.
   */
  public String line() {
    return arguments.stream().map(JobScript::quoted).collect(Collectors.joining(" "));
  }

  public String program() {
    return arguments.getFirst();
  }
}
