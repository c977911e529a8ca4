package org.spinor.jdl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.spinor.jdl.Regex.PatternException;

/** Reads the pattern of a {@link Regex}. */
final class RegexParser {

  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPETITIONS = 1_000;
  private static final int END = -1;

  private final int[] pattern;
  private final boolean anyCase;
  private final boolean dotTakesAll;
  private final boolean lines;
  private int position;
  private int depth;

  RegexParser(String pattern, String options) {
    this.pattern = pattern.codePoints().toArray();
    anyCase = options.indexOf('i') >= 0;
    dotTakesAll = options.indexOf('s') >= 0;
    lines = options.indexOf('m') >= 0;
    if (!options.chars().allMatch(c -> "ism".indexOf(c) >= 0)) {
      throw new PatternException("the options are i, s and m");
    }
  }

  sealed interface Node {
    record One(IntPredicate allowed) implements Node {}

    record At(Place place) implements Node {}

    record Sequence(List<Node> parts) implements Node {}

    record Choice(List<Node> alternatives) implements Node {}

    /** At most without a limit if {@code most} is negative. */
    record Repeat(Node body, int least, int most) implements Node {}
  }

  /** A place between characters. */
  enum Place {
    START,
    END,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NO_WORD_EDGE;

    boolean matches(String text, int position) {
      boolean start = position == 0;
      boolean end = position == text.length();
      return switch (this) {
        case START -> start;
        case END -> end;
        case LINE_START -> start || text.charAt(position - 1) == '\n';
        case LINE_END -> end || text.charAt(position) == '\n';
        case WORD_EDGE, NO_WORD_EDGE -> {
          boolean before = !start && isWord(text.charAt(position - 1));
          boolean after = !end && isWord(text.charAt(position));
          yield (before != after) == (this == WORD_EDGE);
        }
      };
    }
  }

  Node parse() {
    Node node = choice();
    if (peek() != END) {
      throw new PatternException("a ')' without its '('");
    }
    return node;
  }

  private Node choice() {
    if (++depth > MAX_DEPTH) {
      throw new PatternException("groups stand too deep in each other");
    }
    List<Node> alternatives = new ArrayList<>(List.of(sequence()));
    while (peek() == '|') {
      position++;
      alternatives.add(sequence());
    }
    depth--;
    return alternatives.size() == 1 ? alternatives.getFirst() : new Node.Choice(alternatives);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (peek() != END && peek() != '|' && peek() != ')') {
      parts.add(repeated());
    }
    return new Node.Sequence(parts);
  }

  private Node repeated() {
    Node node = atom();
    return switch (peek()) {
      case '*' -> repeat(node, 1, 0, END);
      case '+' -> repeat(node, 1, 1, END);
      case '?' -> repeat(node, 1, 0, 1);
      case '{' -> counted(node);
      default -> node;
    };
  }

  private Node repeat(Node node, int signs, int least, int most) {
    position += signs;
    if (peek() == '?') {
      // Reluctant or not is the same where only the answer counts.
      position++;
    }
    if ("*+{".indexOf(peek()) >= 0) {
      throw new PatternException("a repetition of a repetition");
    }
    return new Node.Repeat(node, least, most);
  }

  /** {@code {m}}, {@code {m,}} or {@code {m,n}}; any other brace is a character. */
  private Node counted(Node node) {
    int end = position;
    while (end < pattern.length && pattern[end] != '}' && end - position < 12) {
      end++;
    }
    String[] bounds =
        new String(pattern, position + 1, Math.max(0, end - position - 1)).split(",", -1);
    boolean counts =
        end < pattern.length
            && pattern[end] == '}'
            && bounds.length <= 2
            && bounds[0].matches("\\d{1,4}")
            && bounds[bounds.length - 1].matches("\\d{0,4}");
    if (!counts) {
      return node;
    }
    int least = Integer.parseInt(bounds[0]);
    String last = bounds[bounds.length - 1];
    int most = last.isEmpty() ? END : Integer.parseInt(last);
    if (Math.max(least, most) > MAX_REPETITIONS || (most >= 0 && most < least)) {
      throw new PatternException("the repetition is out of range");
    }
    return repeat(node, end + 1 - position, least, most);
  }

  private Node atom() {
    int c = pattern[position++];
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.One(set());
      case '.' -> new Node.One(dotTakesAll ? any -> true : any -> any != '\n');
      case '^' -> new Node.At(lines ? Place.LINE_START : Place.START);
      case '$' -> new Node.At(lines ? Place.LINE_END : Place.END);
      case '\\' -> escaped();
      case '*', '+', '?' -> throw new PatternException("nothing stands before a repetition");
      default -> new Node.One(character(c));
    };
  }

  private Node group() {
    if (peek() == '?') {
      if (position + 1 >= pattern.length || pattern[position + 1] != ':') {
        throw new PatternException("of the groups that begin with '(?' only '(?:' is known");
      }
      position += 2;
    }
    Node node = choice();
    if (peek() != ')') {
      throw new PatternException("a '(' without its ')'");
    }
    position++;
    return node;
  }

  private Node escaped() {
    int c = peek();
    Place place =
        switch (c) {
          case 'b' -> Place.WORD_EDGE;
          case 'B' -> Place.NO_WORD_EDGE;
          case 'A' -> Place.START;
          default -> Place.END;
        };
    if (c == 'z' || place != Place.END) {
      position++;
      return new Node.At(place);
    }
    return new Node.One(escape());
  }

  /** What follows a backslash and stands for characters. */
  private IntPredicate escape() {
    int c = peek();
    position++;
    return switch (c) {
      case 'd' -> RegexParser::isDigit;
      case 'w' -> RegexParser::isWord;
      case 's' -> RegexParser::isBlank;
      case 'D' -> other -> !isDigit(other);
      case 'W' -> other -> !isWord(other);
      case 'S' -> other -> !isBlank(other);
      case 'n' -> character('\n');
      case 't' -> character('\t');
      case 'r' -> character('\r');
      default -> {
        if (c == END || isWord(c)) {
          throw new PatternException("an escape that is not known");
        }
        yield character(c);
      }
    };
  }

  /** A class in brackets, after the opening one. */
  private IntPredicate set() {
    boolean negated = peek() == '^';
    position += negated ? 1 : 0;
    List<IntPredicate> parts = new ArrayList<>();
    do {
      parts.add(member());
    } while (peek() != ']' && peek() != END);
    if (peek() == END) {
      throw new PatternException("a '[' without its ']'");
    }
    position++;
    IntPredicate[] all = parts.toArray(IntPredicate[]::new);
    return c -> {
      boolean inside = false;
      for (IntPredicate part : all) {
        inside |= part.test(c);
      }
      return inside != negated;
    };
  }

  private IntPredicate member() {
    int from = peek();
    if (from == END) {
      throw new PatternException("a '[' without its ']'");
    }
    if (from == '[' && position + 1 < pattern.length && pattern[position + 1] == ':') {
      throw new PatternException("classes like [:alpha:] are not known");
    }
    position++;
    if (from == '\\' && peek() != END && isWord(peek())) {
      return escape();
    }
    int first = from == '\\' ? take() : from;
    boolean range = peek() == '-' && position + 1 < pattern.length && pattern[position + 1] != ']';
    if (!range) {
      return character(first);
    }
    position++;
    int end = take();
    int last = end == '\\' ? take() : end;
    if (last < first) {
      throw new PatternException("a range that runs backwards");
    }
    return eachCase(c -> c >= first && c <= last);
  }

  private int take() {
    if (position >= pattern.length) {
      throw new PatternException("a backslash at the end");
    }
    return pattern[position++];
  }

  private IntPredicate character(int wanted) {
    return eachCase(c -> c == wanted);
  }

  private IntPredicate eachCase(IntPredicate test) {
    return anyCase
        ? c ->
            test.test(c)
                || test.test(Character.toLowerCase(c))
                || test.test(Character.toUpperCase(c))
        : test;
  }

  private int peek() {
    return position < pattern.length ? pattern[position] : END;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(int c) {
    return c < 128 && Names.isPart((char) c);
  }

  private static boolean isBlank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
