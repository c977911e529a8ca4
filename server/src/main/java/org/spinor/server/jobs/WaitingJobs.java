package org.spinor.server.jobs;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The line of waiting jobs, read by the matcher. Each class is ordered by priority, highest first,
 * then by age.
 */
public interface WaitingJobs {
  /**
   * How much of a class waits.
   *
   * @param prioritySum of the jobs' priorities, for shares
   */
  record Count(int classNumber, long jobs, long prioritySum) {}

  /** One waiting job and its place in the line. */
  record Place(int priority, long jobId) {}

  /** All classes with waiting jobs. One index-only scan: for the start and for rare corrections. */
  void counts(Consumer<Count> each);

  /** The first jobs of a class; with a place, those after it. */
  List<Place> next(int classNumber, Optional<Place> after, int limit);

  /** How many of the class go before this job. */
  long ahead(int classNumber, Place place);
}
