package org.spinor.jdl;

/** An attribute has another type than the reader asked for. The message is for users. */
public final class JdlTypeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String attribute;
  private final String expected;
  private final String found;

  JdlTypeException(String attribute, String expected, String found) {
    super("%s: expected %s, found %s".formatted(attribute, expected, found));
    this.attribute = attribute;
    this.expected = expected;
    this.found = found;
  }

  /** The attribute as the reader called it. */
  public String attribute() {
    return attribute;
  }

  /** The type in words, such as {@code an integer}. */
  public String expected() {
    return expected;
  }

  /** The value that is there, shortened, such as {@code the string "abc"}. */
  public String found() {
    return found;
  }
}
