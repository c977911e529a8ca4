package org.spinor.jdl;

import java.util.List;
import java.util.Optional;

/**
 * What an expression evaluates to. {@link Undefined} and {@link ErrorValue} are values like the
 * others: an evaluation never throws.
 */
public sealed interface Value {

  Undefined UNDEFINED = new Undefined();
  Bool TRUE = new Bool(true);
  Bool FALSE = new Bool(false);

  /** The word that messages use for the type: {@code integer}, {@code string}, {@code list} ... */
  String typeName();

  /** A value without parts: the only ones that a literal can hold. */
  sealed interface Scalar extends Value {}

  /** The value of an attribute that does not exist, and of what depends on it. */
  record Undefined() implements Scalar {
    @Override
    public String typeName() {
      return "undefined";
    }
  }

  /**
   * The value of what makes no sense (a type mismatch, a division by zero, a cycle).
   *
   * @param reason for people; two errors are equal whatever their reasons
   */
  record ErrorValue(String reason) implements Scalar {
    @Override
    public String typeName() {
      return "error";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ErrorValue;
    }

    @Override
    public int hashCode() {
      return ErrorValue.class.hashCode();
    }
  }

  record Bool(boolean value) implements Scalar {
    @Override
    public String typeName() {
      return "boolean";
    }
  }

  record Int(long value) implements Scalar {
    @Override
    public String typeName() {
      return "integer";
    }
  }

  record Real(double value) implements Scalar {
    @Override
    public String typeName() {
      return "real";
    }
  }

  /**
   * A string. It never holds the character NUL nor half of a surrogate pair, because neither can be
   * stored or sent; the constructor refuses them with an {@link IllegalArgumentException}.
   */
  record Text(String value) implements Scalar {
    public Text {
      Names.requireStorable(value);
    }

    @Override
    public String typeName() {
      return "string";
    }
  }

  record ListValue(List<Value> items) implements Value {
    public ListValue {
      items = List.copyOf(items);
    }

    @Override
    public String typeName() {
      return "list";
    }
  }

  /**
   * An ad, not evaluated further: its attributes are looked at when they are asked for.
   *
   * @param enclosing the ad it stands in, whose attributes its own expressions see too
   */
  record AdValue(Ad ad, Optional<AdValue> enclosing) implements Value {

    static AdValue root(Ad ad) {
      return new AdValue(ad, Optional.empty());
    }

    AdValue root() {
      AdValue root = this;
      while (root.enclosing.isPresent()) {
        root = root.enclosing.get();
      }
      return root;
    }

    @Override
    public String typeName() {
      return "ad";
    }
  }

  static Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Int of(long value) {
    return new Int(value);
  }

  static Real of(double value) {
    return new Real(value);
  }

  static Text of(String value) {
    return new Text(value);
  }
}
