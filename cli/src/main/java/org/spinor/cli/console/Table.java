package org.spinor.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Rows under headings, as wide as their contents; where that is more than the terminal has, the
 * widest columns give way. Numbers stand right.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST = 8;

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();
  private int statusColumn = -1;

  public Table(String... headings) {
    this(List.of(headings));
  }

  public Table(List<String> headings) {
    this.headings = List.copyOf(headings);
  }

  /** The column whose values are coloured as the status that they are. */
  public Table colouring(String heading) {
    statusColumn = headings.indexOf(heading);
    return this;
  }

  public Table row(Object... cells) {
    return row(Arrays.asList(cells));
  }

  public Table row(List<?> cells) {
    if (cells.size() != headings.size()) {
      throw new IllegalArgumentException(cells + " for the headings " + headings);
    }
    rows.add(cells.stream().map(Table::cell).toList());
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  private static String cell(Object value) {
    return Terminal.harmless(value.toString()).replace('\n', ' ').replace('\t', ' ');
  }

  /** The lines of the table, cut to the width. */
  public List<String> lines(Terminal terminal) {
    return lines(terminal.outIsTerminal() ? terminal.width() : Integer.MAX_VALUE, terminal::styled);
  }

  private List<String> lines(int width, Styler styler) {
    int[] widths = widths(width);
    boolean[] numeric = new boolean[widths.length];
    for (int i = 0; i < numeric.length; i++) {
      int column = i;
      numeric[i] =
          !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("-?[0-9.,]*"));
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(headings, widths, numeric, _ -> Style.BOLD, styler));
    for (List<String> row : rows) {
      lines.add(
          line(
              row,
              widths,
              numeric,
              column -> column == statusColumn ? Style.ofStatus(row.get(column)) : Style.PLAIN,
              styler));
    }
    return lines;
  }

  private int[] widths(int available) {
    int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              headings.get(i).length(),
              rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
    }
    while (Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) > available) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static String line(
      List<String> cells,
      int[] widths,
      boolean[] numeric,
      Function<Integer, Style> style,
      Styler styler) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String text = cut(cells.get(i), widths[i]);
      String blanks = " ".repeat(widths[i] - length(text));
      String styled = styler.apply(style.apply(i), text);
      boolean last = i == widths.length - 1;
      line.append(numeric[i] ? blanks + styled : last ? styled : styled + blanks);
      line.append(last ? "" : GAP);
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String text, int width) {
    if (length(text) <= width) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 2))) + "..";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  public void print(Terminal terminal) {
    terminal.out().println(lines(terminal).stream().collect(Collectors.joining("\n")));
  }

  /** Colours a text, or not. */
  private interface Styler {
    String apply(Style style, String text);
  }
}
