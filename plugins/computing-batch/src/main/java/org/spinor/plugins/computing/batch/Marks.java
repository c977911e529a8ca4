package org.spinor.plugins.computing.batch;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What stands in a pilot's folder.
 *
 * @param batch the submission it belongs to
 * @param task its number there; 0: not known
 * @param job what the batch system calls it, as the submission was answered; empty: it never was
 * @param run the same, as the job that runs it says; empty: it has not begun
 * @param started whether it has begun
 * @param cancelled whether its end was ordered
 * @param exitCode how it ended; empty: it has not, or nobody could write it down
 * @param signal which ended it; empty: none
 * @param host where it runs or ran
 */
record Marks(
    String stamp,
    String batch,
    int task,
    String job,
    String run,
    boolean started,
    boolean cancelled,
    OptionalInt exitCode,
    String signal,
    String host) {
  private static final int FIELDS = 10;

  /** A line of area.sh; empty: it is something else. */
  static Optional<Marks> parse(String line) {
    String[] fields = line.split("\\|", -1);
    if (fields.length != FIELDS || !fields[0].equals("pilot")) {
      return Optional.empty();
    }
    String[] exit = fields[8].split(" ", 2);
    return Optional.of(
        new Marks(
            fields[1],
            fields[2],
            number(fields[3]).orElse(0),
            fields[4],
            fields[5],
            fields[6].equals("1"),
            fields[7].equals("1"),
            number(exit[0]),
            exit.length > 1 ? exit[1] : "",
            fields[9]));
  }

  private static OptionalInt number(String text) {
    return text.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  /** The job that counts: the one that runs the pilot, else the one that was submitted. */
  String id() {
    return run.isEmpty() ? job : run;
  }
}
