package org.spinor.server.configuration.cfg;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Reads the CFG format of DIRAC: {@code Section { name = value }} on lines. A {@code #} begins a
 * comment, in values too. A value goes to the end of its line, braces and equal signs in it
 * included. {@code +=} adds to a value, with a comma between. The brace of a section may stand on
 * the line after its name. A name that is set twice has the last value; a section stands only once.
 *
 * <p>Takes time in proportion to the text, and no more of the stack for a deeper one.
 */
final class CfgReader {
  private static final int DEEPEST = 100;
  private static final int LONGEST_NAME = 1000;

  private final Deque<Open> open = new ArrayDeque<>();
  private final List<String> repeated = new ArrayList<>();
  private final StringBuilder pending = new StringBuilder();
  private int pendingLine;
  private int pendingColumn;
  private int line;

  private CfgReader() {}

  /**
   * What was read.
   *
   * @param repeated options that were set more than once, with their lines
   */
  record Read(CfgSection top, List<String> repeated) {}

  /** A section that has not ended yet. */
  private record Open(
      String name,
      String path,
      int line,
      int column,
      SequencedMap<String, Value> options,
      SequencedMap<String, CfgSection> sections) {

    static Open of(String name, String path, int line, int column) {
      return new Open(name, path, line, column, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    CfgSection closed() {
      SequencedMap<String, CfgOption> all = new LinkedHashMap<>();
      for (Map.Entry<String, Value> option : options.entrySet()) {
        Value value = option.getValue();
        all.put(
            option.getKey(),
            new CfgOption(
                option.getKey(), path + "/" + option.getKey(), value.text.toString(), value.line));
      }
      return new CfgSection(name, path, line, all, sections);
    }
  }

  private record Value(StringBuilder text, int line) {}

  static Read read(String text) throws CfgSyntaxException {
    return new CfgReader().all(text);
  }

  private Read all(String text) throws CfgSyntaxException {
    open.push(Open.of("", "", 1, 1));
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      line++;
      line(text, start, end);
      start = end + 1;
    }
    if (!pending.isEmpty()) {
      throw wrongName();
    }
    Open last = open.pop();
    if (!open.isEmpty()) {
      throw new CfgSyntaxException(
          last.line, last.column, "section %s is not closed: } is missing".formatted(last.path));
    }
    return new Read(last.closed(), List.copyOf(repeated));
  }

  /** One line; the comment at its end is not looked at. */
  private void line(String text, int start, int end) throws CfgSyntaxException {
    int comment = start;
    while (comment < end && text.charAt(comment) != '#') {
      comment++;
    }
    int at = start;
    while (at < comment) {
      char c = text.charAt(at);
      int column = at - start + 1;
      if (c == '{') {
        begin(column);
      } else if (c == '}') {
        end(column);
      } else if (c == '=' || (c == '+' && at + 1 < comment && text.charAt(at + 1) == '=')) {
        String value = text.substring(c == '=' ? at + 1 : at + 2, comment).strip();
        option(value, c == '+', column);
        return;
      } else if (!isBlank(c) || !pending.isEmpty()) {
        if (pending.isEmpty()) {
          pendingLine = line;
          pendingColumn = column;
        } else if (pendingLine != line && !isBlank(c)) {
          throw wrongName();
        }
        pending.append(pendingLine == line ? c : "");
      }
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\uFEFF';
  }

  private CfgSyntaxException wrongName() {
    return new CfgSyntaxException(
        pendingLine,
        pendingColumn,
        "expected { or = after '%s'".formatted(shortened(pending.toString().strip())));
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private String name(String what, int column) throws CfgSyntaxException {
    String name = pending.toString().strip();
    pending.setLength(0);
    if (name.isEmpty()) {
      throw new CfgSyntaxException(line, column, "a name is missing before the " + what);
    }
    if (name.length() > LONGEST_NAME) {
      throw new CfgSyntaxException(
          pendingLine, pendingColumn, "a name has at most " + LONGEST_NAME + " letters");
    }
    if (name.indexOf('/') >= 0) {
      throw new CfgSyntaxException(
          pendingLine, pendingColumn, "'%s': a name has no / in it".formatted(shortened(name)));
    }
    return name;
  }

  private void begin(int column) throws CfgSyntaxException {
    String name = name("{", column);
    Open within = open.element();
    CfgSection twin = within.sections.get(name);
    if (twin != null) {
      throw new CfgSyntaxException(
          pendingLine,
          pendingColumn,
          "section %s is written twice, first in line %d".formatted(name, twin.line()));
    }
    if (open.size() > DEEPEST) {
      throw new CfgSyntaxException(
          line, column, "sections stand in each other deeper than " + DEEPEST);
    }
    open.push(Open.of(name, within.path + "/" + name, pendingLine, pendingColumn));
  }

  private void end(int column) throws CfgSyntaxException {
    if (!pending.isEmpty()) {
      throw wrongName();
    }
    if (open.size() == 1) {
      throw new CfgSyntaxException(line, column, "} without a section that it could close");
    }
    CfgSection closed = open.pop().closed();
    open.element().sections.put(closed.name(), closed);
  }

  private void option(String value, boolean added, int column) throws CfgSyntaxException {
    if (!pending.isEmpty() && pendingLine != line) {
      throw wrongName();
    }
    String name = name("=", column);
    Open within = open.element();
    Value old = within.options.get(name);
    if (added && old != null) {
      old.text.append(old.text.isEmpty() || value.isEmpty() ? "" : ", ").append(value);
      return;
    }
    if (old != null) {
      repeated.add(
          "%s/%s is set in line %d and again in line %d; the last one counts"
              .formatted(within.path, name, old.line, line));
    }
    within.options.put(name, new Value(new StringBuilder(value), line));
  }
}
