package org.spinor.jdl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A classified ad: attributes with their expressions, immutable. Names are found in any letter case
 * and keep the spelling and the order in which they were written; neither counts for {@link
 * #equals}.
 *
 * <p>The typed getters ({@link #string}, {@link #integer} ...) evaluate the attribute within the
 * ad. They are lenient where DIRAC's clients are: {@code CPUTime = "3600"} is an integer, {@code
 * JobName = 17} is a string. An attribute that is missing or undefined is empty; a wrong type is a
 * {@link JdlTypeException}.
 */
public final class Ad {

  private static final Ad EMPTY = builder().build();

  /** Shared by all ads with the same names, such as the jobs of one parametric template. */
  private final Layout layout;

  private final Expr[] values;

  Ad(Layout layout, Expr[] values) {
    this.layout = layout;
    this.values = values;
  }

  public static Ad empty() {
    return EMPTY;
  }

  public static Builder builder() {
    return new Builder();
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public int size() {
    return values.length;
  }

  /** The names in their order, as they were written. */
  public List<String> names() {
    return layout.names();
  }

  /** The expressions in the order of {@link #names}. */
  List<Expr> values() {
    return List.of(values);
  }

  /** This ad with each expression changed; the same object if none changes. */
  Ad mapValues(Function<Expr, Expr> change) {
    List<Expr> all = values();
    List<Expr> changed = Expressions.mapAll(all, change);
    return Expressions.isSame(all, changed) ? this : new Ad(layout, changed.toArray(Expr[]::new));
  }

  /** The place of an attribute in {@link #names}, or -1. */
  int indexOf(String name) {
    return layout.indexOf(name);
  }

  /** An ad with the same names and these values, in the order of the names. */
  Ad withValues(Expr[] others) {
    return new Ad(layout, others);
  }

  public boolean contains(String name) {
    return layout.indexOf(name) >= 0;
  }

  public Optional<Expr> get(String name) {
    int index = layout.indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(values[index]);
  }

  /** This ad with one attribute set: in its old place and spelling if it is there, else last. */
  public Ad with(String name, Expr value) {
    int index = layout.indexOf(name);
    if (index < 0) {
      return toBuilder().put(name, value).build();
    }
    Expr[] changed = values.clone();
    changed[index] = value;
    return new Ad(layout, changed);
  }

  /** This ad without the attributes of these names; names that it does not have do no harm. */
  public Ad without(String... names) {
    Set<String> unwanted = Arrays.stream(names).map(Names::key).collect(Collectors.toSet());
    Builder rest = builder();
    for (int i = 0; i < values.length; i++) {
      String name = layout.names().get(i);
      if (!unwanted.contains(Names.key(name))) {
        rest.put(name, values[i]);
      }
    }
    return rest.build();
  }

  /** A builder that holds these attributes already. */
  public Builder toBuilder() {
    Builder builder = builder();
    for (int i = 0; i < values.length; i++) {
      builder.put(layout.names().get(i), values[i]);
    }
    return builder;
  }

  /** The value of an attribute without another ad or a clock; undefined if it is missing. */
  public Value evaluate(String name) {
    return evaluate(name, Context.of(this));
  }

  /** The value of an attribute of this ad, whatever {@code context.self()} is. */
  public Value evaluate(String name, Context context) {
    return get(name).map(expr -> expr.evaluate(context.withSelf(this))).orElse(Value.UNDEFINED);
  }

  /** A string; numbers and booleans give their text, as written. */
  public Optional<String> string(String name) {
    return TypedReader.string(this, name);
  }

  /** An integer; a whole real and a string that spells an integer count as one. */
  public OptionalLong integer(String name) {
    return TypedReader.integer(this, name);
  }

  /** A real; an integer and a string that spells a number count as one. */
  public Optional<Double> real(String name) {
    return TypedReader.real(this, name);
  }

  /** A boolean; the strings "true" and "false" in any letter case count as one. */
  public Optional<Boolean> bool(String name) {
    return TypedReader.bool(this, name);
  }

  /** The strings of a list; a single value counts as a list of one, a missing one as none. */
  public List<String> strings(String name) {
    return TypedReader.strings(this, name);
  }

  /**
   * Like {@link #strings}, but a value that is not a list is cut at commas, trimmed, and empty
   * pieces are dropped: {@code Site = "LCG.CERN.ch, LCG.CNAF.it"}, as DIRAC's clients write.
   */
  public List<String> commaSeparated(String name) {
    return TypedReader.commaSeparated(this, name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof Ad that) || values.length != that.values.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      int index = that.layout.indexOf(layout.names().get(i));
      if (index < 0 || !values[i].equals(that.values[index])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < values.length; i++) {
      hash += Names.key(layout.names().get(i)).hashCode() ^ values[i].hashCode();
    }
    return hash;
  }

  /** One line, as {@link Printer#printCompact}. */
  @Override
  public String toString() {
    return Printer.printCompact(this);
  }

  /** Names with their places. */
  record Layout(List<String> names, Map<String, Integer> index) {
    int indexOf(String name) {
      return index.getOrDefault(Names.key(name), -1);
    }
  }

  /** Collects attributes; a name that comes again replaces the value and keeps the first place. */
  public static final class Builder {
    private final Map<String, Integer> index = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<Expr> values = new ArrayList<>();

    private Builder() {}

    public Builder put(String name, Expr value) {
      Integer known = index.putIfAbsent(Names.key(Names.requireName(name)), names.size());
      if (known == null) {
        names.add(name);
        values.add(value);
      } else {
        values.set(known, value);
      }
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, Expr.of(value));
    }

    public Builder put(String name, long value) {
      return put(name, Expr.of(value));
    }

    public Builder put(String name, double value) {
      return put(name, Expr.of(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, Expr.of(value));
    }

    public Builder put(String name, Ad value) {
      return put(name, Expr.of(value));
    }

    public Builder put(String name, Collection<String> values) {
      return put(name, Expr.texts(values));
    }

    public Ad build() {
      Layout layout = new Layout(List.copyOf(names), Map.copyOf(index));
      return new Ad(layout, values.toArray(Expr[]::new));
    }
  }
}
