package org.spinor.server.configuration.cfg;

/** A text that is no CFG; says where. */
public final class CfgSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  CfgSyntaxException(int line, int column, String message) {
    super("line %d, column %d: %s".formatted(line, column, message));
    this.line = line;
    this.column = column;
  }

  /** From 1. */
  public int line() {
    return line;
  }

  /** From 1. */
  public int column() {
    return column;
  }
}
