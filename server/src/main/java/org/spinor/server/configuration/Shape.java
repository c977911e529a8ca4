package org.spinor.server.configuration;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What may stand in a place of the configuration. */
sealed interface Shape {
  /** In words, for messages: what is expected here. */
  String expected();

  /**
   * Text.
   *
   * @param form what it must look like
   */
  record Text(Pattern form, String expected) implements Shape {
    static final Text ANY = new Text(Pattern.compile("(?s).*"), "text");
  }

  /** A whole number within limits. */
  record Whole(long min, long max) implements Shape {
    @Override
    public String expected() {
      if (min == Long.MIN_VALUE && max == Long.MAX_VALUE) {
        return "a whole number";
      }
      return max == Long.MAX_VALUE
          ? "a whole number, at least " + min
          : "a whole number from " + min + " to " + max;
    }

    static Whole atLeast(long min) {
      return new Whole(min, Long.MAX_VALUE);
    }
  }

  /** Any number. */
  record Real() implements Shape {
    @Override
    public String expected() {
      return "a number";
    }
  }

  /** True or false. */
  record Flag() implements Shape {
    @Override
    public String expected() {
      return "true or false";
    }
  }

  /**
   * A list of text; one text with commas will do.
   *
   * @param sorted the order means nothing: served sorted, each once
   */
  record Texts(boolean sorted) implements Shape {
    @Override
    public String expected() {
      return "a list of text";
    }
  }

  /** A list of whole numbers. */
  record Wholes() implements Shape {
    @Override
    public String expected() {
      return "a list of whole numbers";
    }
  }

  /** Whatever: kept as it is. */
  record Free() implements Shape {
    @Override
    public String expected() {
      return "anything";
    }
  }

  /** Known names. */
  record Section(List<Field> fields, Others others) implements Shape {
    public Section {
      fields = List.copyOf(fields);
    }

    @Override
    public String expected() {
      return "a section";
    }
  }

  /**
   * Names that the operator chooses.
   *
   * @param placeholder what they are, as {@code vo}
   * @param names what they must look like
   */
  record Each(String placeholder, Text names, Shape value) implements Shape {
    @Override
    public String expected() {
      return "a section with one entry for each " + placeholder;
    }
  }

  /** What happens to names that a section does not know. */
  enum Others {
    REFUSED,
    /** As DiracX does in a few places; slips of known names are refused. */
    DROPPED,
    /** Kept as they are; slips of known names are refused. */
    KEPT,
    /** Parameters of a plug-in: values become text; slips of known names are refused. */
    PARAMETERS
  }

  /**
   * A name and what stands under it.
   *
   * @param aliases other spellings that are taken too
   * @param otherwise the value where nothing is written; empty: something must be
   * @param meaning for the reference page: one or two sentences, with the unit
   */
  record Field(
      String name,
      List<String> aliases,
      Shape shape,
      Optional<JsonNode> otherwise,
      String meaning) {
    public Field {
      aliases = List.copyOf(aliases);
    }

    Field alias(String other) {
      return new Field(name, List.of(other), shape, otherwise, meaning);
    }
  }
}
