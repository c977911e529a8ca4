package org.spinor.server.matching;

import java.time.Duration;
import java.util.Optional;
import org.spinor.server.tasks.TaskHandler;

/** Work of the room that one server does for all. */
public final class MatchingTasks {
  private MatchingTasks() {}

  /** Recurrent work. */
  public static TaskHandler recurrent(String type, Duration every, Runnable work) {
    return new TaskHandler() {
      @Override
      public String type() {
        return type;
      }

      @Override
      public void run(String payload) {
        work.run();
      }

      @Override
      public Optional<Duration> every() {
        return Optional.of(every);
      }
    };
  }
}
