package org.spinor.plugins.computing.batch.system;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.QueueInfo;

/**
 * A batch system as pure functions of text. Whoever adds one writes these and nothing else: who
 * runs the commands, where, how often and how long is none of its business.
 *
 * <p>Functions that read answers are given what the real program wrote, of any version, cut off
 * anywhere, with banners of login scripts in between: they take what they understand and leave out
 * the rest. A job that is left out is not known; it is never taken for ended.
 *
 * <p>An id is what the system calls one pilot: a job, or a task of an array.
 */
public interface BatchSystem {
  /** As written in the configuration ({@code BatchSystem}). */
  String name();

  /** Of the capabilities about size, those that jobs of this system can ask for. */
  Set<Capability> sizes();

  /** Whether pilots run in their folder on a file system that nodes and submission host share. */
  default boolean sharesFiles() {
    return true;
  }

  /** The most pilots of one submit command; 1: there are no arrays. */
  default int longestArray() {
    return 1;
  }

  /** The file {@code job} of the batch's folder. */
  String script(BatchJob job);

  BatchCommand submit(BatchJob job);

  /**
   * The ids that a submission was given.
   *
   * @return one for each pilot, in the order of their tasks; empty: the answer is not understood
   */
  List<String> submitted(BatchJob job, String output);

  /** Asks for jobs of this name, which may or may not have been submitted. */
  default Optional<BatchCommand> find(BatchJob job) {
    return Optional.empty();
  }

  /** As {@link #submitted}, from the answer to {@link #find}; empty: there are none. */
  default List<String> found(BatchJob job, String output) {
    return List.of();
  }

  /** Asks how jobs fare, all in one command where that can be. */
  List<BatchCommand> status(Collection<String> ids);

  /** By id; may hold jobs that nobody asked for. */
  Map<String, PilotReport> statuses(String output);

  /** Asks about jobs that {@link #status} knows no more; none: there is nobody to ask. */
  default List<BatchCommand> history(Collection<String> ids) {
    return List.of();
  }

  /** By id. */
  default Map<String, PilotReport> histories(String output) {
    return Map.of();
  }

  List<BatchCommand> cancel(Collection<String> ids);

  /**
   * Brings what a job that has ended wrote into the pilot's folder; empty: it comes by itself. May
   * be asked again.
   */
  default Optional<BatchCommand> fetch(String id) {
    return Optional.empty();
  }

  /** Has the system forget jobs that have ended; none: it does so by itself. */
  default List<BatchCommand> release(Collection<String> ids) {
    return List.of();
  }

  /** Asks how full a queue is. */
  List<BatchCommand> queue(String queue);

  /**
   * @param outputs those of {@link #queue}, in its order
   */
  QueueInfo queueState(String queue, List<String> outputs);

  /** The file in the batch's folder into which the system writes what a job says. */
  String outputFile(int task, String id);

  /**
   * A part of the lines that the system writes into that file when it ends a job, as an extended
   * regular expression of POSIX, the most telling line being the first; empty: it writes none.
   */
  default Optional<String> lastWords() {
    return Optional.empty();
  }

  /** What the words of this system's complaints mean. */
  Complaints complaints();
}
