package org.spinor.server.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Conditions joined by AND, with their values as named parameters. The text comes from the rooms'
 * own columns only; whatever a caller sent is a value.
 */
public final class Conditions {
  private final List<String> texts = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();

  /**
   * Adds a condition.
   *
   * @param text with {@code ?} at the place of the value, as {@code vo = ?}
   * @param value no collection: an array of {@code long} or {@code String} for {@code = ANY(?)}
   */
  public Conditions and(String text, Object value) {
    String name = "c" + values.size();
    values.put(name, value);
    texts.add(text.replace("?", ":" + name));
    return this;
  }

  /** Adds a condition with two values, in the order of their places. */
  public Conditions and(String text, Object first, Object second) {
    int place = text.indexOf('?');
    String name = "c" + values.size();
    values.put(name, first);
    return and(text.substring(0, place) + ":" + name + text.substring(place + 1), second);
  }

  /** Adds a condition without a value. */
  public Conditions and(String text) {
    texts.add(text);
    return this;
  }

  /** {@code WHERE ...}, or nothing. */
  public String where() {
    return texts.isEmpty() ? "" : "WHERE " + String.join(" AND ", texts);
  }

  public Map<String, Object> values() {
    return values;
  }
}
