package org.spinor.server.tasks;

import java.time.Duration;
import java.util.List;

/**
 * Puts work to do into the durable list. Called inside a transaction the work appears with its
 * commit.
 */
public interface Tasks {
  /**
   * Work to be done once, as soon as possible.
   *
   * @param type name of a {@link TaskHandler}
   * @param payload JSON for the handler
   */
  void add(String type, String payload);

  /** Several pieces of work of one type, in one statement. */
  default void addAll(String type, List<String> payloads) {
    payloads.forEach(payload -> add(type, payload));
  }

  /** Work to be done once, not before the delay has passed (database clock). */
  void addIn(Duration delay, String type, String payload);

  /**
   * Makes a recurrent task of that type run now instead of at its next time, once the surrounding
   * transaction has committed; once more where it is running. Cheap, also when called very often.
   */
  void wake(String type);
}
