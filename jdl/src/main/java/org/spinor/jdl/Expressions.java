package org.spinor.jdl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Ways through the parts of an expression. */
final class Expressions {

  private Expressions() {}

  /** The expressions directly within this one. */
  static List<Expr> parts(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Reference _, Expr.Placeholder _ -> List.of();
      case Expr.ListOf(List<Expr> items) -> items;
      case Expr.AdOf(Ad ad) -> ad.values();
      case Expr.Selection(Expr base, _) -> List.of(base);
      case Expr.Subscript(Expr base, Expr index) -> List.of(base, index);
      case Expr.Unary(_, Expr operand) -> List.of(operand);
      case Expr.Binary(_, Expr left, Expr right) -> List.of(left, right);
      case Expr.Logical(_, List<Expr> operands) -> operands;
      case Expr.Conditional(Expr condition, Expr then, Expr otherwise) ->
          List.of(condition, then, otherwise);
      case Expr.Call(_, List<Expr> arguments) -> arguments;
    };
  }

  /** The expression with each of its direct parts changed; the same object if none changes. */
  static Expr map(Expr expr, Function<Expr, Expr> change) {
    return switch (expr) {
      case Expr.Literal _, Expr.Reference _, Expr.Placeholder _ -> expr;
      case Expr.AdOf(Ad ad) -> {
        Ad changed = ad.mapValues(change);
        yield isSame(ad, changed) ? expr : new Expr.AdOf(changed);
      }
      default -> {
        List<Expr> parts = parts(expr);
        List<Expr> changed = mapAll(parts, change);
        yield isSame(parts, changed) ? expr : withParts(expr, changed);
      }
    };
  }

  /** The list with each item changed; the same object if none changes. */
  static List<Expr> mapAll(List<Expr> parts, Function<Expr, Expr> change) {
    List<Expr> changed = parts;
    for (int i = 0; i < parts.size(); i++) {
      Expr part = change.apply(parts.get(i));
      if (!isSame(part, parts.get(i))) {
        if (isSame(changed, parts)) {
          changed = new ArrayList<>(parts);
        }
        changed.set(i, part);
      }
    }
    return changed;
  }

  private static Expr withParts(Expr expr, List<Expr> parts) {
    return switch (expr) {
      case Expr.Literal _, Expr.Reference _, Expr.Placeholder _, Expr.AdOf _ ->
          throw new IllegalArgumentException("no parts to change in " + expr);
      case Expr.ListOf _ -> new Expr.ListOf(parts);
      case Expr.Selection(_, String name) -> new Expr.Selection(parts.getFirst(), name);
      case Expr.Subscript _ -> new Expr.Subscript(parts.get(0), parts.get(1));
      case Expr.Unary(UnaryOperator operator, _) -> new Expr.Unary(operator, parts.getFirst());
      case Expr.Binary(BinaryOperator operator, _, _) ->
          new Expr.Binary(operator, parts.get(0), parts.get(1));
      case Expr.Logical(LogicalOperator operator, _) -> new Expr.Logical(operator, parts);
      case Expr.Conditional _ -> new Expr.Conditional(parts.get(0), parts.get(1), parts.get(2));
      case Expr.Call(String function, _) -> new Expr.Call(function, parts);
    };
  }

  /** The very same object: equal ones would have to be compared in full. */
  @SuppressWarnings("ReferenceEquality") // as the Javadoc says
  static boolean isSame(Object one, Object two) {
    return one == two;
  }
}
