package org.spinor.jdl;

/** An operator between two operands that are both evaluated. */
public enum BinaryOperator implements InfixOperator {
  /** {@code a ?: b}: a, or b where a is undefined. */
  DEFAULT("?:", CONDITIONAL_PRECEDENCE),
  BIT_OR("|", 4),
  BIT_XOR("^", 5),
  BIT_AND("&", 6),
  EQUAL("==", 7),
  NOT_EQUAL("!=", 7),
  /** {@code =?=} or {@code is}: same type and same value, never undefined. */
  IDENTICAL("=?=", 7),
  /** {@code =!=} or {@code isnt}. */
  NOT_IDENTICAL("=!=", 7),
  LESS("<", 8),
  LESS_OR_EQUAL("<=", 8),
  GREATER(">", 8),
  GREATER_OR_EQUAL(">=", 8),
  SHIFT_LEFT("<<", 9),
  SHIFT_RIGHT(">>", 9),
  SHIFT_RIGHT_UNSIGNED(">>>", 9),
  ADD("+", 10),
  SUBTRACT("-", 10),
  MULTIPLY("*", 11),
  DIVIDE("/", 11),
  REMAINDER("%", 11);

  private final String symbol;
  private final int precedence;

  BinaryOperator(String symbol, int precedence) {
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
