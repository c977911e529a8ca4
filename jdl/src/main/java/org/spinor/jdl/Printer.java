package org.spinor.jdl;

import java.util.List;
import org.spinor.jdl.Expr.Scope;

/**
 * Writes ads and expressions so that {@link Jdl#parse} reads the same again. The form is canonical:
 * attributes in their order, four blanks for each level, one blank around operators, parentheses
 * only where they are needed, the symbols {@code =?=} and {@code =!=} for {@code is} and {@code
 * isnt}, {@code self.} and {@code other.} for {@code MY.} and {@code TARGET.}. Comments are gone.
 */
public final class Printer {

  private static final int WIDTH = 80;
  private static final int POSTFIX_PRECEDENCE = 20;
  private static final int UNARY_PRECEDENCE = 12;

  private final StringBuilder out = new StringBuilder();

  private Printer() {}

  /** The ad with its outer brackets, an attribute a line, without a line break at the end. */
  public static String print(Ad ad) {
    Printer printer = new Printer();
    printer.lines(ad, 0);
    return printer.out.toString();
  }

  /** The ad with its outer brackets in one line. */
  public static String printCompact(Ad ad) {
    Printer printer = new Printer();
    printer.compact(ad);
    return printer.out.toString();
  }

  /** The expression in one line. */
  public static String print(Expr expr) {
    Printer printer = new Printer();
    printer.compact(expr, 0);
    return printer.out.toString();
  }

  /** A string as the language writes it, with its quotes. */
  static String quote(String text) {
    Printer printer = new Printer();
    printer.quoted(text, '"');
    return printer.out.toString();
  }

  /** A value as a text: strings without quotes. */
  static String plainText(Value.Scalar value) {
    return switch (value) {
      case Value.Undefined _ -> "undefined";
      case Value.ErrorValue _ -> "error";
      case Value.Bool(boolean truth) -> Boolean.toString(truth);
      case Value.Int(long number) -> Long.toString(number);
      case Value.Real(double number) -> NumberText.of(number);
      case Value.Text(String text) -> text;
    };
  }

  private void lines(Ad ad, int indent) {
    if (ad.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append("[\n");
    List<Expr> values = ad.values();
    for (int i = 0; i < values.size(); i++) {
      indent(indent + 1);
      attributeName(ad.names().get(i));
      out.append(" = ");
      lines(values.get(i), indent + 1);
      out.append(";\n");
    }
    indent(indent);
    out.append(']');
  }

  private void lines(Expr expr, int indent) {
    switch (expr) {
      case Expr.AdOf(Ad ad) -> lines(ad, indent);
      case Expr.ListOf(List<Expr> items) when !fitsInLine(items, indent) -> {
        out.append("{\n");
        for (int i = 0; i < items.size(); i++) {
          indent(indent + 1);
          lines(items.get(i), indent + 1);
          out.append(i + 1 < items.size() ? ",\n" : "\n");
        }
        indent(indent);
        out.append('}');
      }
      default -> compact(expr, 0);
    }
  }

  /** Whether a list of constants is short. Never looks at more than a line of it. */
  private static boolean fitsInLine(List<Expr> items, int indent) {
    int width = 4 * indent;
    for (Expr item : items) {
      if (!(item instanceof Expr.Literal literal)) {
        return false;
      }
      width += literal.text().length() + 4;
      if (width > WIDTH) {
        return false;
      }
    }
    return true;
  }

  private void indent(int levels) {
    out.repeat("    ", levels);
  }

  private void compact(Ad ad) {
    out.append('[');
    List<Expr> values = ad.values();
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : "; ");
      attributeName(ad.names().get(i));
      out.append(" = ");
      compact(values.get(i), 0);
    }
    out.append(']');
  }

  /** Writes the expression, in parentheses if it binds weaker than its place asks for. */
  private void compact(Expr expr, int precedence) {
    boolean parentheses = precedence(expr) < precedence;
    out.append(parentheses ? "(" : "");
    switch (expr) {
      case Expr.Literal literal -> literal(literal);
      case Expr.ListOf(List<Expr> items) -> items("{", items, "}");
      case Expr.AdOf(Ad ad) -> compact(ad);
      case Expr.Reference(Scope scope, String name) -> {
        out.append(scope.prefix());
        name(name);
      }
      case Expr.Selection(Expr base, String name) -> {
        selected(base);
        out.append('.');
        name(name);
      }
      case Expr.Subscript(Expr base, Expr index) -> {
        compact(base, POSTFIX_PRECEDENCE);
        items("[", List.of(index), "]");
      }
      case Expr.Unary(UnaryOperator operator, Expr operand) -> {
        out.append(operator.symbol());
        // A number stands in parentheses: -5 is a constant, -(5) an operation.
        compact(operand, isNumber(operand) ? POSTFIX_PRECEDENCE : UNARY_PRECEDENCE);
      }
      case Expr.Binary(BinaryOperator operator, Expr left, Expr right) ->
          binary(operator, left, right);
      case Expr.Logical(LogicalOperator operator, List<Expr> operands) -> {
        for (int i = 0; i < operands.size(); i++) {
          out.append(i == 0 ? "" : " " + operator.symbol() + " ");
          compact(operands.get(i), operator.precedence() + 1);
        }
      }
      case Expr.Conditional(Expr condition, Expr then, Expr otherwise) -> {
        compact(condition, InfixOperator.CONDITIONAL_PRECEDENCE + 1);
        out.append(" ? ");
        compact(then, InfixOperator.CONDITIONAL_PRECEDENCE);
        out.append(" : ");
        compact(otherwise, InfixOperator.CONDITIONAL_PRECEDENCE);
      }
      case Expr.Call(String function, List<Expr> arguments) ->
          items(function + "(", arguments, ")");
      case Expr.Placeholder(String text) -> out.append(text);
    }
    out.append(parentheses ? ")" : "");
  }

  private static int precedence(Expr expr) {
    return switch (expr) {
      case Expr.Literal _ when isNumber(expr) -> UNARY_PRECEDENCE;
      case Expr.Literal _, Expr.ListOf _, Expr.AdOf _, Expr.Reference _, Expr.Selection _ ->
          POSTFIX_PRECEDENCE;
      case Expr.Subscript _, Expr.Call _, Expr.Placeholder _ -> POSTFIX_PRECEDENCE;
      case Expr.Unary _ -> UNARY_PRECEDENCE;
      case Expr.Binary binary -> binary.operator().precedence();
      case Expr.Logical logical -> logical.operator().precedence();
      case Expr.Conditional _ -> InfixOperator.CONDITIONAL_PRECEDENCE;
    };
  }

  private static boolean isNumber(Expr expr) {
    return expr instanceof Expr.Literal literal
        && (literal.value() instanceof Value.Int || literal.value() instanceof Value.Real);
  }

  private void binary(BinaryOperator operator, Expr left, Expr right) {
    boolean toTheRight = operator == BinaryOperator.DEFAULT;
    compact(left, operator.precedence() + (toTheRight ? 1 : 0));
    out.append(' ').append(operator.symbol()).append(' ');
    compact(right, operator.precedence() + (toTheRight ? 0 : 1));
  }

  /** Writes what stands before a dot: a plain {@code self} would become a scope there. */
  private void selected(Expr base) {
    if (base instanceof Expr.Reference(Scope scope, String name) && scope == Scope.NEAREST) {
      quotedName(name);
    } else {
      compact(base, POSTFIX_PRECEDENCE);
    }
  }

  private void items(String open, List<Expr> items, String close) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      compact(items.get(i), 0);
    }
    out.append(close);
  }

  private void literal(Expr.Literal literal) {
    if (literal.value() instanceof Value.Text(String text)) {
      quoted(text, '"');
    } else {
      out.append(literal.text());
    }
  }

  private void attributeName(String name) {
    if (Names.isPlainAttribute(name)) {
      out.append(name);
    } else {
      quoted(name, '\'');
    }
  }

  private void name(String name) {
    if (Names.isPlain(name)) {
      out.append(name);
    } else {
      quoted(name, '\'');
    }
  }

  private void quotedName(String name) {
    switch (Names.key(name)) {
      case "self", "my", "other", "target" -> quoted(name, '\'');
      default -> name(name);
    }
  }

  private void quoted(String text, char quote) {
    out.append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(c);
          } else if (c < ' ' || c == 0x7f) {
            out.append("\\%03o".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append(quote);
  }
}
