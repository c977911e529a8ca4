package org.spinor.plugins.computing.boinc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The XML of BOINC's web interface. Its answers are not always well-formed: an error leaves
 * elements open, the names of aborted jobs stand in tags, and warnings of PHP may come between. So
 * they are read element by element, and nothing is taken for true that is not closed.
 */
final class Xml {
  private Xml() {}

  /** The text of the first element of this name. */
  static Optional<String> text(String answer, String name) {
    List<String> all = all(answer, name);
    return all.isEmpty() ? Optional.empty() : Optional.of(plain(all.getFirst()));
  }

  /** What stands in each element of this name. */
  static List<String> all(String answer, String name) {
    Matcher matcher =
        Pattern.compile("<" + name + ">(.*?)</" + name + ">", Pattern.DOTALL).matcher(answer);
    List<String> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }

  /** Whether there is such an element, with or without content. */
  static boolean has(String answer, String name) {
    return answer.contains("<" + name + "/>") || answer.contains("<" + name + ">");
  }

  private static String plain(String text) {
    String bare = text.replace("<![CDATA[", "").replace("]]>", "").strip();
    return bare.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#039;", "'")
        .replace("&amp;", "&");
  }

  /** Text as it stands in an element. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** An element with text. */
  static String element(String name, Object text) {
    return "<" + name + ">" + escaped(text.toString()) + "</" + name + ">\n";
  }
}
