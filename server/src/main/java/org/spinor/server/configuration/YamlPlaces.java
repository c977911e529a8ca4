package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Cuts and inserts in a YAML text, by the places that the reader's nodes have in it. The reader
 * counts code points, so the text is taken apart into these.
 */
final class YamlPlaces {
  private static final int STEP = 2;

  private final int[] text;
  private final String newline;

  YamlPlaces(String text) {
    this.text = text.codePoints().toArray();
    this.newline = text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** Within braces names follow each other after commas, else on lines. */
  boolean isFlow(MappingNode section) {
    return section.getFlowStyle() == FlowStyle.FLOW;
  }

  /** A new name at the end of a section. */
  String insert(MappingNode section, boolean flow, String name, YamlValue value) {
    List<NodeTuple> entries = section.getValue();
    if (flow) {
      String entry = YamlValue.key(name) + ": " + value.inline();
      if (entries.isEmpty()) {
        return cut(start(section) + 1, start(section) + 1, entry);
      }
      int end = end(entries.getLast());
      return cut(end, end, ", " + entry);
    }
    int indent = entries.getFirst().getKeyNode().getStartMark().getColumn();
    int end = afterComments(lineEnd(end(entries.getLast())), indent);
    return cut(end, end, newline + entry(name, value, indent));
  }

  /** Another value for a name. */
  String replace(NodeTuple entry, boolean flow, boolean nothing, YamlValue value) {
    int colon = colon(entry);
    Node old = entry.getValueNode();
    if (flow) {
      return nothing && start(old) == end(old)
          ? cut(colon, colon, (text[colon - 1] == ':' ? " " : ": ") + value.inline())
          : cut(start(old), contentEnd(old), value.inline());
    }
    int indent = entry.getKeyNode().getStartMark().getColumn();
    boolean sameLine = old.getStartMark().getLine() == entry.getKeyNode().getEndMark().getLine();
    int from = sameLine ? colon : lineEnd(lineStart(start(old)) - 1);
    int to = sameLine ? contentEnd(old) : lineEnd(contentEnd(old));
    if (sameLine && !value.isBlock()) {
      return cut(from, to, " " + value.inline());
    }
    if (value.isBlock()) {
      String lines = newline + indented(value.lines(), indent + STEP);
      if (!sameLine) {
        return cut(from, to, lines);
      }
      int keyEnd = lineEnd(to);
      return slice(0, from) + slice(to, keyEnd) + lines + slice(keyEnd, text.length);
    }
    return slice(0, colon) + " " + value.inline() + slice(colon, from) + slice(to, text.length);
  }

  /** The section without a name. */
  String remove(MappingNode section, NodeTuple entry, boolean flow) {
    List<NodeTuple> entries = section.getValue();
    int index = entries.indexOf(entry);
    if (!flow) {
      int from = lineStart(start(entry.getKeyNode()));
      int to = Math.min(text.length, lineEnd(end(entry)) + newline.length());
      return cut(from, to, "");
    }
    if (index + 1 < entries.size()) {
      return cut(start(entry.getKeyNode()), start(entries.get(index + 1).getKeyNode()), "");
    }
    int from = index > 0 ? end(entries.get(index - 1)) : start(entry.getKeyNode());
    return cut(from, end(entry), "");
  }

  /** Behind the comments that follow, as far as they stand no further left than the section. */
  private int afterComments(int lineEnd, int indent) {
    int end = lineEnd;
    int next = lineEnd;
    while (next < text.length) {
      int start = lineBegin(next);
      next = lineEnd(start);
      String line = slice(start, next);
      if (line.stripLeading().startsWith("#") && line.indexOf('#') >= indent) {
        end = next;
      } else if (!line.isBlank()) {
        return end;
      }
    }
    return end;
  }

  /** Where the line behind a line end begins. */
  private int lineBegin(int lineEnd) {
    int at = lineEnd;
    if (at < text.length && text[at] == '\r') {
      at++;
    }
    return at < text.length && text[at] == '\n' ? at + 1 : at;
  }

  private String entry(String name, YamlValue value, int indent) {
    String key = " ".repeat(indent) + YamlValue.key(name) + ":";
    return value.isBlock() && (value.written() == null || !value.tree().isEmpty())
        ? key + newline + indented(value.lines(), indent + STEP)
        : key + " " + value.inline();
  }

  private String indented(List<String> lines, int indent) {
    List<String> all = new ArrayList<>();
    lines.forEach(line -> all.add(" ".repeat(indent) + line));
    return String.join(newline, all);
  }

  private String cut(int from, int to, String instead) {
    return slice(0, from) + instead + slice(to, text.length);
  }

  private String slice(int from, int to) {
    return new String(text, from, to - from);
  }

  private static int start(Node node) {
    return node.getStartMark().getIndex();
  }

  private static int end(Node node) {
    return node.getEndMark().getIndex();
  }

  /** Behind the colon of an entry; where it has none, behind its name. */
  private int colon(NodeTuple entry) {
    int at = end(entry.getKeyNode());
    int seek = at;
    while (seek < text.length && (text[seek] == ' ' || text[seek] == '\t')) {
      seek++;
    }
    return seek < text.length && text[seek] == ':' ? seek + 1 : at;
  }

  private int end(NodeTuple entry) {
    Node value = entry.getValueNode();
    // an alias is the node that it stands for, with that one's place
    return start(value) < end(entry.getKeyNode())
        ? trimmed(lineEnd(end(entry.getKeyNode())))
        : contentEnd(value);
  }

  /** Behind the last letter that belongs to a node; comments behind it do not. */
  private int contentEnd(Node node) {
    return switch (node) {
      case ScalarNode scalar
          when scalar.getScalarStyle() == ScalarStyle.LITERAL
              || scalar.getScalarStyle() == ScalarStyle.FOLDED ->
          trimmed(end(scalar));
      case CollectionNode<?> all when all.getFlowStyle() == FlowStyle.FLOW -> end(all);
      case MappingNode section when !section.getValue().isEmpty() ->
          end(section.getValue().getLast());
      case SequenceNode list when !list.getValue().isEmpty() ->
          Math.max(start(list), contentEnd(list.getValue().getLast()));
      default -> end(node);
    };
  }

  /** Back over blanks and line ends. */
  private int trimmed(int at) {
    int end = at;
    while (end > 0 && Character.isWhitespace(text[end - 1])) {
      end--;
    }
    return end;
  }

  private int lineStart(int at) {
    int start = at;
    while (start > 0 && text[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  /** Before the line end that follows. */
  private int lineEnd(int at) {
    int end = at;
    while (end < text.length && text[end] != '\n' && text[end] != '\r') {
      end++;
    }
    return end;
  }

  /** A line of blanks, a comment, or a mark between documents. */
  static boolean isNoContent(String line) {
    String content = line.strip();
    return content.isEmpty() || content.startsWith("#") || content.equals("{}");
  }
}
