package org.spinor.plugins.computing.batch.system;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

/** Bits of reading that several systems need. */
final class Answers {
  private static final Pattern JOB_NUMBER = Pattern.compile("\\d{1,10}");

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

  /** The last whole line that has this form: warnings stand before what a program answers. */
  static Optional<Matcher> last(String output, Pattern form) {
    for (String line : lines(output).reversed()) {
      Matcher matcher = form.matcher(line);
      if (matcher.matches()) {
        return Optional.of(matcher);
      }
    }
    return Optional.empty();
  }

  /** The first whole line that is the number of a job. */
  static Optional<String> jobNumber(String output) {
    return lines(output).stream().filter(line -> JOB_NUMBER.matcher(line).matches()).findFirst();
  }

  /** A sum with one more word, where that is a number. */
  static OptionalInt sum(OptionalInt sum, String word) {
    OptionalInt more = number(word);
    return more.isEmpty() ? sum : OptionalInt.of(sum.orElse(0) + more.getAsInt());
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
