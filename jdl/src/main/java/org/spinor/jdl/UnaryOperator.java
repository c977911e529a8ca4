package org.spinor.jdl;

/** An operator before its operand. */
public enum UnaryOperator {
  NEGATE("-"),
  PLUS("+"),
  NOT("!"),
  COMPLEMENT("~");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }
}
