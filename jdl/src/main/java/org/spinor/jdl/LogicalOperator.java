package org.spinor.jdl;

/** The operators of three-valued logic, which look at operands only as far as they must. */
public enum LogicalOperator implements InfixOperator {
  OR("||", 2),
  AND("&&", 3);

  private final String symbol;
  private final int precedence;

  LogicalOperator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  @Override
  public String symbol() {
    return symbol;
  }

  @Override
  public int precedence() {
    return precedence;
  }
}
