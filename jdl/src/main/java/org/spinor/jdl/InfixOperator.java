package org.spinor.jdl;

/** What parser and printer need to know of an operator between two operands. */
sealed interface InfixOperator permits BinaryOperator, LogicalOperator {

  /** The precedence of {@code ? :} and {@code ?:}, which bind weakest and to the right. */
  int CONDITIONAL_PRECEDENCE = 1;

  /** The canonical spelling. */
  String symbol();

  /** A higher number binds stronger. */
  int precedence();
}
