package org.spinor.jdl;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An expression, immutable. Two expressions are equal if they mean the same in the same words: the
 * spelling of numbers ({@code 0.10} or {@code 0.1}) and of attribute names in ads does not count.
 *
 * <p>Whoever builds expressions by hand rather than by {@link Jdl#parse} keeps them less than
 * {@link Jdl#MAX_DEPTH} deep: printing and comparing go down by recursion.
 */
public sealed interface Expr {

  /**
   * Evaluates in the root of {@code context.self()}. Never throws: see {@link Value.ErrorValue}.
   */
  default Value evaluate(Context context) {
    return Evaluator.evaluate(this, context);
  }

  /**
   * A constant.
   *
   * @param written how a number was written, as far as it differs from the canonical spelling: its
   *     text goes into file names through parameters; else empty
   */
  record Literal(Value.Scalar value, String written) implements Expr {
    public Literal {
      if (value instanceof Value.Real(double real) && !Double.isFinite(real)) {
        throw new IllegalArgumentException("no literal can be written for " + real);
      }
      if (!written.isEmpty() && !NumberText.read(written).equals(Optional.of(value))) {
        throw new IllegalArgumentException("'" + written + "' is not a spelling of " + value);
      }
    }

    public Literal(Value.Scalar value) {
      this(value, "");
    }

    /** The value as a text: strings without quotes, numbers as they were written. */
    public String text() {
      return written.isEmpty() ? Printer.plainText(value) : written;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Literal that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** {@code {a, b, c}}. */
  record ListOf(List<Expr> items) implements Expr {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** {@code [a = 1; b = 2]} as a value. */
  record AdOf(Ad ad) implements Expr {}

  /** An attribute by its name, looked up as the scope says. */
  record Reference(Scope scope, String name) implements Expr {
    public Reference {
      Names.requireName(name);
    }
  }

  /** {@code base.name}: an attribute of the ad that the base evaluates to. */
  record Selection(Expr base, String name) implements Expr {
    public Selection {
      Names.requireName(name);
    }
  }

  /** {@code base[index]}: an item of a list (from 0), or an attribute of an ad by a string. */
  record Subscript(Expr base, Expr index) implements Expr {}

  record Unary(UnaryOperator operator, Expr operand) implements Expr {}

  record Binary(BinaryOperator operator, Expr left, Expr right) implements Expr {}

  /**
   * {@code a && b && c} or {@code a || b || c}. One node for the whole chain, so that a requirement
   * with ten thousand alternatives is no deeper than one with two.
   */
  record Logical(LogicalOperator operator, List<Expr> operands) implements Expr {
    public Logical {
      operands = List.copyOf(operands);
      if (operands.size() < 2) {
        throw new IllegalArgumentException(operator.symbol() + " needs two operands");
      }
    }
  }

  /** {@code condition ? then : otherwise}. */
  record Conditional(Expr condition, Expr then, Expr otherwise) implements Expr {}

  /** A call of a built-in function, whose name is compared in any letter case. */
  record Call(String function, List<Expr> arguments) implements Expr {
    public Call {
      if (!Names.isPlain(function)) {
        throw new IllegalArgumentException("'" + function + "' is not a function name");
      }
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A placeholder of a parametric job outside of quotes, {@code InputData = %s}: it becomes the
   * parameter with its type. Without parameters it evaluates to an error.
   *
   * @param text {@code %s}, {@code %n}, {@code %j} or {@code %(name)s}
   */
  record Placeholder(String text) implements Expr {
    public Placeholder {
      if (Placeholders.endAt(text, 0) != text.length()) {
        throw new IllegalArgumentException("'" + text + "' is not a placeholder");
      }
    }
  }

  /** Where a reference looks. */
  enum Scope {
    /** The ad that the expression stands in, then those around it. */
    NEAREST(""),
    /** {@code self.x} or {@code MY.x}: the outermost ad that the expression belongs to. */
    SELF("self."),
    /** {@code other.x} or {@code TARGET.x}: the ad that it is matched with. */
    OTHER("other.");

    private final String prefix;

    Scope(String prefix) {
      this.prefix = prefix;
    }

    String prefix() {
      return prefix;
    }
  }

  static Expr of(String text) {
    return new Literal(new Value.Text(text));
  }

  static Expr of(long number) {
    return new Literal(new Value.Int(number));
  }

  /** A real, which must be finite. */
  static Expr of(double number) {
    return new Literal(new Value.Real(number));
  }

  static Expr of(boolean truth) {
    return new Literal(Value.of(truth));
  }

  static Expr of(Ad ad) {
    return new AdOf(ad);
  }

  static Expr texts(Collection<String> texts) {
    return new ListOf(texts.stream().map(Expr::of).toList());
  }
}
