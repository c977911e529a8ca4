package org.spinor.plugins.computing.batch.system;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/** Bits of reading that several systems need. */
final class Answers {
  private Answers() {}

  static PilotReport report(PilotState state, String reason) {
    return PilotReport.of(state, reason);
  }

  static PilotReport report(PilotState state, String reason, OptionalInt code, String host) {
    return new PilotReport(
        state, reason, code, host.isBlank() ? Optional.empty() : Optional.of(host.strip()));
  }

  /** How a job ended that ended by itself. */
  static PilotReport ended(int code, String host) {
    return report(
        code == 0 ? PilotState.DONE : PilotState.FAILED,
        code == 0 ? "" : "exit code " + code,
        OptionalInt.of(code),
        host);
  }

  /** A whole number, 0 or more. */
  static OptionalInt number(String text) {
    String word = text.strip();
    return word.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(word)) : OptionalInt.empty();
  }

  /** Without what stands behind the last line feed: a line that was cut off says something else. */
  static String whole(String output) {
    return output.substring(0, output.lastIndexOf('\n') + 1);
  }

  /** The whole lines without blanks at their ends, none empty. */
  static List<String> lines(String output) {
    return whole(output).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** What stands before the first of these characters. */
  static String before(String text, String separator) {
    int at = text.indexOf(separator);
    return at < 0 ? text : text.substring(0, at);
  }

  static String after(String text, String separator) {
    int at = text.indexOf(separator);
    return at < 0 ? "" : text.substring(at + separator.length());
  }

  /** The jobs to which tasks belong, each once. */
  static Set<String> parents(Iterable<String> ids, String separator) {
    Set<String> parents = new LinkedHashSet<>();
    ids.forEach(id -> parents.add(before(id, separator)));
    return parents;
  }
}
