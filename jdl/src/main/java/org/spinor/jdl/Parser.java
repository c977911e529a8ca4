package org.spinor.jdl;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.jdl.Expr.Scope;
import org.spinor.jdl.Token.Kind;

/**
 * Reads an ad by recursive descent with one token of look-ahead.
 *
 * <p>After a problem it goes on where {@link Cursor#skipTo} finds the next comma, bracket or
 * attribute, so that one run reports all problems. Two counters keep hostile texts off the stack:
 * {@code depth} bounds the recursion here, {@code height} that of all who walk through the result.
 */
final class Parser {

  private static final Map<Kind, InfixOperator> INFIX = infixOperators();

  private final Cursor cursor;
  private int depth;

  /** The height of the expression that was read last. */
  private int height;

  Parser(String text) {
    cursor = new Cursor(text);
  }

  Ad parse() {
    Ad ad = Ad.empty();
    try {
      if (cursor.is(Kind.OPEN_BRACKET)) {
        Token open = cursor.token();
        ad = ad();
        if (!cursor.is(Kind.END)) {
          // Often a bracket of the wrong kind, which is reported already: the rest is read for its
          // own problems.
          cursor.reportFirst("the end of the text");
          attributes(open, Kind.END);
        }
      } else {
        ad = attributes(cursor.token(), Kind.END);
      }
    } catch (SyntaxError _) {
      // Reported: the text ends within brackets.
    }
    cursor.throwIfAny();
    return ad;
  }

  private Ad ad() {
    Token open = cursor.token();
    cursor.advance();
    Ad ad = attributes(open, Kind.CLOSE_BRACKET);
    cursor.advance();
    return ad;
  }

  /**
   * Reads attributes up to the closer, which is the current token afterwards unless the text ends.
   */
  private Ad attributes(Token open, Kind closer) {
    Ad.Builder ad = Ad.builder();
    boolean closedBefore = closer == Kind.END && open.is(Kind.OPEN_BRACKET);
    int tallest = 0;
    while (true) {
      while (cursor.is(Kind.SEMICOLON) || (closedBefore && cursor.is(Kind.CLOSE_BRACKET))) {
        cursor.advance();
      }
      if (cursor.is(closer)) {
        height = tallest;
        return ad.build();
      }
      if (cursor.is(Kind.END)) {
        throw cursor.fail("']'" + cursor.opened(open));
      }
      int depthBefore = depth;
      int start = cursor.token().start();
      try {
        attribute(ad);
        tallest = Math.max(tallest, height);
        if (!cursor.is(Kind.SEMICOLON) && !cursor.is(closer) && !cursor.is(Kind.END)) {
          throw cursor.fail(closer == Kind.END ? "';'" : "';' or ']'" + cursor.opened(open));
        }
      } catch (SyntaxError _) {
        depth = depthBefore;
        cursor.skipTo(Kind.SEMICOLON);
        if (cursor.token().start() == start) {
          cursor.advance();
        }
        while (closer == Kind.END && cursor.is(Kind.CLOSE_BRACKET)) {
          // It closes what the problem was in.
          cursor.advance();
        }
      }
    }
  }

  private void attribute(Ad.Builder ad) {
    if (!cursor.isName()) {
      throw cursor.fail("an attribute name");
    }
    String name = cursor.dottedName();
    cursor.advance();
    cursor.expect(Kind.ASSIGN, "");
    ad.put(name, expression());
  }

  private Expr expression() {
    enter();
    Expr condition = binary(InfixOperator.CONDITIONAL_PRECEDENCE + 1);
    int tallest = height;
    Expr result = condition;
    if (cursor.is(Kind.DEFAULT)) {
      cursor.advance();
      result = new Expr.Binary(BinaryOperator.DEFAULT, condition, expression());
      raise(tallest);
    } else if (cursor.is(Kind.QUESTION)) {
      cursor.advance();
      Expr then = expression();
      tallest = Math.max(tallest, height);
      cursor.expect(Kind.COLON, "");
      result = new Expr.Conditional(condition, then, expression());
      raise(tallest);
    }
    depth--;
    return result;
  }

  /** Reads operators that bind at least as strongly as the precedence says, and their operands. */
  private Expr binary(int precedence) {
    Expr left = unary();
    while (true) {
      InfixOperator operator = INFIX.get(cursor.token().kind());
      if (operator == null || operator.precedence() < precedence) {
        return left;
      }
      int tallest = height;
      left =
          switch (operator) {
            case LogicalOperator logical -> logical(logical, left);
            case BinaryOperator other -> {
              Expr right = operand(other);
              yield new Expr.Binary(other, left, right);
            }
          };
      raise(tallest);
    }
  }

  private Expr logical(LogicalOperator operator, Expr first) {
    List<Expr> operands = new ArrayList<>(List.of(first));
    int tallest = height;
    while (INFIX.get(cursor.token().kind()) == operator) {
      operands.add(operand(operator));
      tallest = Math.max(tallest, height);
    }
    height = tallest;
    return new Expr.Logical(operator, operands);
  }

  private Expr operand(InfixOperator operator) {
    cursor.advance();
    enter();
    Expr right = binary(operator.precedence() + 1);
    depth--;
    return right;
  }

  private Expr unary() {
    Optional<UnaryOperator> operator =
        switch (cursor.token().kind()) {
          case MINUS -> Optional.of(UnaryOperator.NEGATE);
          case PLUS -> Optional.of(UnaryOperator.PLUS);
          case NOT -> Optional.of(UnaryOperator.NOT);
          case COMPLEMENT -> Optional.of(UnaryOperator.COMPLEMENT);
          default -> Optional.empty();
        };
    if (operator.isEmpty()) {
      return postfix(primary());
    }
    cursor.advance();
    if (operator.get() == UnaryOperator.NEGATE && cursor.is(Kind.NUMBER)) {
      return postfix(number("-"));
    }
    enter();
    Expr operand = unary();
    depth--;
    raise(0);
    return new Expr.Unary(operator.get(), operand);
  }

  private Expr postfix(Expr primary) {
    Expr base = primary;
    while (true) {
      if (cursor.is(Kind.DOT)) {
        cursor.advance();
        base = new Expr.Selection(base, name());
        raise(0);
      } else if (cursor.is(Kind.OPEN_BRACKET)) {
        Token open = cursor.token();
        int tallest = height;
        cursor.advance();
        base = new Expr.Subscript(base, expression());
        cursor.expect(Kind.CLOSE_BRACKET, cursor.opened(open));
        raise(tallest);
      } else {
        return base;
      }
    }
  }

  private Expr primary() {
    height = 1;
    return switch (cursor.token().kind()) {
      case STRING -> literal(new Value.Text(cursor.token().text()));
      case TRUE -> literal(Value.TRUE);
      case FALSE -> literal(Value.FALSE);
      case UNDEFINED -> literal(Value.UNDEFINED);
      case ERROR -> literal(new Value.ErrorValue(""));
      case NUMBER -> number("");
      case NAME -> reference();
      case QUOTED_NAME -> new Expr.Reference(Scope.NEAREST, name());
      case DOT -> {
        cursor.advance();
        yield new Expr.Reference(Scope.SELF, name());
      }
      case REMAINDER -> placeholder();
      case OPEN_PARENTHESIS -> {
        Token open = cursor.token();
        cursor.advance();
        Expr inner = expression();
        cursor.expect(Kind.CLOSE_PARENTHESIS, cursor.opened(open));
        yield inner;
      }
      case OPEN_BRACE -> {
        List<Expr> items = items(Kind.CLOSE_BRACE);
        raise(0);
        yield new Expr.ListOf(items);
      }
      case OPEN_BRACKET -> {
        Ad ad = ad();
        raise(0);
        yield new Expr.AdOf(ad);
      }
      default -> throw cursor.fail("a value");
    };
  }

  private Expr literal(Value.Scalar value) {
    cursor.advance();
    return new Expr.Literal(value);
  }

  private Expr number(String sign) {
    height = 1;
    String written = sign + cursor.token().text();
    Optional<Value.Scalar> value = NumberText.read(written);
    if (value.isEmpty()) {
      throw cursor.fail("", "this number does not fit in 64 bits");
    }
    cursor.advance();
    boolean canonical = Printer.plainText(value.get()).equals(written);
    return new Expr.Literal(value.get(), canonical ? "" : written);
  }

  private Expr reference() {
    String name = cursor.token().text();
    cursor.advance();
    if (cursor.is(Kind.OPEN_PARENTHESIS)) {
      List<Expr> arguments = items(Kind.CLOSE_PARENTHESIS);
      raise(0);
      return new Expr.Call(name, arguments);
    }
    Scope scope =
        switch (Names.key(name)) {
          case "self", "my" -> Scope.SELF;
          case "other", "target" -> Scope.OTHER;
          default -> Scope.NEAREST;
        };
    if (scope == Scope.NEAREST || !cursor.is(Kind.DOT)) {
      return new Expr.Reference(Scope.NEAREST, name);
    }
    cursor.advance();
    return new Expr.Reference(scope, name());
  }

  private Expr placeholder() {
    String text = cursor.placeholder().orElseThrow(() -> cursor.fail("a value"));
    cursor.advance();
    return new Expr.Placeholder(text);
  }

  private String name() {
    if (!cursor.isName()) {
      throw cursor.fail("an attribute name");
    }
    String name = cursor.token().text();
    cursor.advance();
    return name;
  }

  /** Reads the items between brackets. A comma after the last one does no harm. */
  private List<Expr> items(Kind closer) {
    Token open = cursor.token();
    cursor.advance();
    List<Expr> items = new ArrayList<>();
    int tallest = 1;
    boolean more = !cursor.is(closer);
    while (more) {
      int depthBefore = depth;
      try {
        items.add(expression());
        tallest = Math.max(tallest, height);
        if (!cursor.is(Kind.COMMA) && !cursor.is(closer)) {
          throw cursor.fail("',' or " + closer.expected() + cursor.opened(open));
        }
      } catch (SyntaxError error) {
        depth = depthBefore;
        cursor.skipTo(closer);
        if (!cursor.is(Kind.COMMA) && !cursor.is(closer)) {
          throw error;
        }
      }
      if (cursor.is(Kind.COMMA)) {
        cursor.advance();
        more = !cursor.is(closer);
      } else {
        more = false;
      }
    }
    cursor.advance();
    height = tallest;
    return items;
  }

  private void enter() {
    depth++;
    if (depth > Jdl.MAX_DEPTH) {
      throw tooDeep();
    }
  }

  /** Puts a node over the expression read last and another one, whose height is given. */
  private void raise(int otherHeight) {
    height = Math.max(height, otherHeight) + 1;
    if (height > Jdl.MAX_DEPTH && cursor.isClean()) {
      // After another problem nobody will walk through the result.
      throw tooDeep();
    }
  }

  private SyntaxError tooDeep() {
    return cursor.fail(
        "",
        "brackets and operators stand more than %d deep in each other".formatted(Jdl.MAX_DEPTH));
  }

  private static Map<Kind, InfixOperator> infixOperators() {
    Map<Kind, InfixOperator> operators = new EnumMap<>(Kind.class);
    List<InfixOperator> all = new ArrayList<>(List.of(LogicalOperator.values()));
    all.addAll(List.of(BinaryOperator.values()));
    for (InfixOperator operator : all) {
      for (Kind kind : Kind.values()) {
        if (kind.isSymbol() && kind.symbol().equals(operator.symbol())) {
          operators.put(kind, operator);
        }
      }
    }
    return operators;
  }
}
