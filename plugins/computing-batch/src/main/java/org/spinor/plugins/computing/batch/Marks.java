package org.spinor.plugins.computing.batch;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.spinor.plugins.computing.batch.system.BatchSystem;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;

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
 * @param lost how it ended, as the batch system said before; empty: it did not say
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
    String host,
    Optional<PilotReport> lost) {
  private static final int FIELDS = 11;

  /** Exit codes of shells above it are signals. */
  private static final int SIGNALLED = 128;

  /** A line of area.sh; empty: it is something else. */
  static Optional<Marks> parse(String line) {
    String[] fields = line.split("\\|", FIELDS);
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
            fields[9],
            lost(fields[10])));
  }

  /** What {@link #written} made. */
  private static Optional<PilotReport> lost(String text) {
    String[] words = text.split(" ", 3);
    if (words.length < 2) {
      return Optional.empty();
    }
    String reason = words.length > 2 ? words[2] : "";
    return Arrays.stream(PilotState.values())
        .filter(state -> state.isFinal() && state.name().equals(words[0]))
        .map(state -> new PilotReport(state, reason, number(words[1]), Optional.empty()))
        .findFirst();
  }

  /** A report in one line. */
  static String written(PilotReport report) {
    String code = report.exitCode().isPresent() ? "" + report.exitCode().getAsInt() : "-";
    return report.state() + " " + code + " " + report.reason().replaceAll("\\s+", " ");
  }

  private static OptionalInt number(String text) {
    return text.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  /** Whether it is known how it ended. */
  boolean isOver() {
    return exitCode.isPresent() || lost.isPresent();
  }

  /** Whether a signal ended it that nobody of us ordered. */
  boolean wasKilled() {
    return exitCode.orElse(0) > SIGNALLED && !cancelled;
  }

  /** Whether nobody can tell more of its end. */
  boolean isExplained() {
    return lost.isPresent() || (exitCode.isPresent() && !wasKilled());
  }

  /**
   * Where the batch system writes what the job says, relative to the area; nothing where it is of
   * no batch.
   */
  Optional<String> output(BatchSystem system) {
    return batch.isEmpty()
        ? Optional.empty()
        : Optional.of(Area.BATCHES + "/" + batch + "/" + system.outputFile(task, job));
  }

  /** The job that counts: the one that runs the pilot, else the one that was submitted. */
  String id() {
    return run.isEmpty() ? job : run;
  }
}
