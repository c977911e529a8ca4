package org.spinor.plugins.computing.batch.system;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.spinor.spi.computing.PilotSubmission;

/**
 * What is submitted in one call: one job, or an array of equal ones.
 *
 * @param name unique for this submission: letters and digits, a letter first, at most 15, which is
 *     the least that a batch system takes
 * @param folder absolute path of the batch's folder on the submission host; has {@code job}, the
 *     script, and {@code list}, a stamp in each line
 * @param area absolute path of the folder that has a folder for each pilot, named by its stamp
 * @param tools absolute path of the folder with the scripts that come with this plug-in
 * @param count pilots, 1 or more; tasks are numbered from 1
 * @param size of each
 * @param place where in the batch system
 */
public record BatchJob(
    String name,
    String folder,
    String area,
    String tools,
    int count,
    PilotSubmission.Size size,
    Place place) {

  /**
   * A queue and how to use it.
   *
   * @param queue partition, queue, class; empty: the default one
   * @param account whom to charge; empty: the default
   * @param directives further lines of the job's script, with variables, see {@link Directives}
   * @param options further arguments of the submit command, with variables
   * @param preamble lines that run on the node before the pilot
   */
  public record Place(
      String queue,
      String account,
      List<String> directives,
      List<String> options,
      List<String> preamble) {
    public Place {
      directives = List.copyOf(directives);
      options = List.copyOf(options);
      preamble = List.copyOf(preamble);
    }

    /** A queue with nothing special. */
    public static Place of(String queue) {
      return new Place(queue, "", List.of(), List.of(), List.of());
    }
  }

  public BatchJob {
    if (count < 1) {
      throw new IllegalArgumentException("a batch has pilots");
    }
  }

  public boolean isArray() {
    return count > 1;
  }

  /**
   * What the batch system calls the pilots, in their order.
   *
   * @param single where there is only one
   * @param task by its number in the array
   */
  List<String> ids(String single, IntFunction<String> task) {
    return isArray() ? IntStream.rangeClosed(1, count).mapToObj(task).toList() : List.of(single);
  }

  public String script() {
    return folder + "/job";
  }

  /** Cores of one pilot: where the size leaves it open, one. */
  public int cores() {
    return Math.max(1, size.cores());
  }

  public long wallMinutes() {
    return (size.wallTime().toSeconds() + 59) / 60;
  }

  /** Wall time as {@code hh:mm:ss}. */
  public String wallClock() {
    long minutes = wallMinutes();
    return String.format(java.util.Locale.ROOT, "%02d:%02d:00", minutes / 60, minutes % 60);
  }
}
