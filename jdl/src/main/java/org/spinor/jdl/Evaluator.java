package org.spinor.jdl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spinor.jdl.Expr.Scope;
import org.spinor.jdl.Value.AdValue;
import org.spinor.jdl.Value.ErrorValue;

/**
 * Evaluates expressions within one budget. Whatever the expression is, the evaluation ends: steps,
 * the length of texts and the depth are bounded, and an attribute that depends on itself is an
 * error.
 */
final class Evaluator {

  /** How many characters of text cost one step. */
  private static final int CHARACTERS_PER_STEP = 16;

  private final Context context;
  private final AdValue self;
  private final Optional<AdValue> other;
  private final Set<Attribute> active = new HashSet<>();
  private long budget;
  private int depth;

  Evaluator(Context context) {
    this.context = context;
    this.self = AdValue.root(context.self());
    this.other = context.other().map(AdValue::root);
    this.budget = context.budget();
  }

  static Value evaluate(Expr expr, Context context) {
    return new Evaluator(context).evaluate(expr);
  }

  Value evaluate(Expr expr) {
    try {
      return evaluate(expr, self);
    } catch (TooCostly tooCostly) {
      active.clear();
      depth = 0;
      return new ErrorValue(tooCostly.reason());
    }
  }

  Context context() {
    return context;
  }

  /** Takes steps from the budget; ends the whole evaluation when it is used up. */
  void charge(long steps) {
    budget -= steps;
    if (budget < 0) {
      throw new TooCostly("the expression takes more than " + context.budget() + " steps");
    }
  }

  void chargeText(long characters) {
    charge(1 + characters / CHARACTERS_PER_STEP);
  }

  Value evaluate(Expr expr, AdValue scope) {
    charge(1);
    if (++depth > Jdl.MAX_DEPTH) {
      throw new TooCostly("the expression leads more than " + Jdl.MAX_DEPTH + " levels deep");
    }
    Value value =
        switch (expr) {
          case Expr.Literal(Value.Scalar constant, _) -> constant(constant);
          case Expr.ListOf(List<Expr> items) -> new Value.ListValue(all(items, scope));
          case Expr.AdOf(Ad ad) -> new AdValue(ad, Optional.of(scope));
          case Expr.Reference(Scope where, String name) -> reference(where, name, scope);
          case Expr.Selection(Expr base, String name) -> select(evaluate(base, scope), name);
          case Expr.Subscript(Expr base, Expr index) ->
              subscript(evaluate(base, scope), evaluate(index, scope));
          case Expr.Unary(UnaryOperator operator, Expr operand) ->
              Operators.unary(operator, evaluate(operand, scope));
          case Expr.Binary(BinaryOperator operator, Expr left, Expr right) ->
              binary(operator, left, right, scope);
          case Expr.Logical(LogicalOperator operator, List<Expr> operands) ->
              logical(operator, operands, scope);
          case Expr.Conditional(Expr condition, Expr then, Expr otherwise) ->
              conditional(evaluate(condition, scope), then, otherwise, scope);
          case Expr.Call(String function, List<Expr> arguments) ->
              Functions.call(this, function, arguments, scope);
          case Expr.Placeholder(String text) ->
              new ErrorValue("the placeholder " + text + " has no parameter");
        };
    depth--;
    return value;
  }

  /** Evaluates one branch, as the condition says. */
  Value conditional(Value condition, Expr then, Expr otherwise, AdValue scope) {
    return switch (Operators.truth(condition)) {
      case Value.Bool(boolean truth) -> evaluate(truth ? then : otherwise, scope);
      case Value value -> value;
    };
  }

  List<Value> all(List<Expr> expressions, AdValue scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expr expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value constant(Value.Scalar value) {
    if (value instanceof Value.Text(String text)) {
      // Each use of a long text costs, which also pays for what operators do with it.
      charge(text.length() / CHARACTERS_PER_STEP);
    }
    return value;
  }

  private Value reference(Scope where, String name, AdValue scope) {
    AdValue root = scope.root();
    return switch (where) {
      case NEAREST -> nearest(name, scope);
      case SELF -> attribute(root, name).orElse(Value.UNDEFINED);
      case OTHER -> opposite(root).flatMap(ad -> attribute(ad, name)).orElse(Value.UNDEFINED);
    };
  }

  private Value nearest(String name, AdValue scope) {
    Optional<AdValue> place = Optional.of(scope);
    while (place.isPresent()) {
      Optional<Value> value = attribute(place.get(), name);
      if (value.isPresent()) {
        return value.get();
      }
      charge(1);
      place = place.get().enclosing();
    }
    // Without a dot, the words for the two ads mean the ads themselves.
    return switch (Names.key(name)) {
      case "self", "my" -> scope.root();
      case "other", "target" -> opposite(scope.root()).<Value>map(ad -> ad).orElse(Value.UNDEFINED);
      default -> Value.UNDEFINED;
    };
  }

  /** The ad that the other ad calls its own: seen from there, the roles are swapped. */
  @SuppressWarnings("ReferenceEquality") // one of the two ads, not one that looks like it
  private Optional<AdValue> opposite(AdValue root) {
    return root == self ? other : Optional.of(self);
  }

  private Optional<Value> attribute(AdValue ad, String name) {
    Optional<Expr> expr = ad.ad().get(name);
    if (expr.isEmpty()) {
      return Optional.empty();
    }
    Attribute attribute = new Attribute(ad, Names.key(name));
    if (!active.add(attribute)) {
      return Optional.of(new ErrorValue("the attribute " + name + " depends on itself"));
    }
    Value value = evaluate(expr.get(), ad);
    active.remove(attribute);
    return Optional.of(value);
  }

  private Value select(Value base, String name) {
    return switch (base) {
      case AdValue ad -> attribute(ad, name).orElse(Value.UNDEFINED);
      case Value.Undefined _, ErrorValue _ -> base;
      default -> new ErrorValue("a value of type " + base.typeName() + " has no attributes");
    };
  }

  private Value subscript(Value base, Value index) {
    if (base instanceof Value.ListValue(List<Value> items) && index instanceof Value.Int(long i)) {
      return i >= 0 && i < items.size()
          ? items.get((int) i)
          : new ErrorValue("index " + i + " in a list of " + items.size());
    }
    if (base instanceof AdValue ad && index instanceof Value.Text(String name)) {
      return name.isEmpty() ? Value.UNDEFINED : select(ad, name);
    }
    return Operators.unusable(List.of(base, index))
        .orElseGet(() -> Operators.mismatch("[]", base, index));
  }

  private Value binary(BinaryOperator operator, Expr left, Expr right, AdValue scope) {
    Value first = evaluate(left, scope);
    if (operator == BinaryOperator.DEFAULT) {
      return first instanceof Value.Undefined ? evaluate(right, scope) : first;
    }
    return Operators.binary(operator, first, evaluate(right, scope));
  }

  /**
   * From left to right: the first operand that decides ends it; an error before that is an error;
   * else an undefined one makes the whole undefined.
   */
  private Value logical(LogicalOperator operator, List<Expr> operands, AdValue scope) {
    Value.Bool deciding = Value.of(operator == LogicalOperator.OR);
    Value result = Value.of(operator == LogicalOperator.AND);
    for (Expr operand : operands) {
      Value truth = Operators.truth(evaluate(operand, scope));
      if (truth.equals(deciding) || truth instanceof ErrorValue) {
        return truth;
      }
      if (truth instanceof Value.Undefined) {
        result = truth;
      }
    }
    return result;
  }

  /** An attribute of one very ad, as a key: ads that are merely equal are not the same. */
  private record Attribute(AdValue ad, String key) {
    @Override
    @SuppressWarnings("ReferenceEquality") // as the Javadoc says
    public boolean equals(Object object) {
      return object instanceof Attribute that && ad == that.ad && key.equals(that.key);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(ad) + key.hashCode();
    }
  }

  /** Ends an evaluation from within. */
  private static final class TooCostly extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    TooCostly(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
