package org.spinor.server.jobs.search;

import java.time.Duration;
import java.util.Optional;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/** Keeps the list of changed counts short. */
@Component
final class FoldTally implements TaskHandler {
  private final Tally tally;

  FoldTally(Tally tally) {
    this.tally = tally;
  }

  @Override
  public String type() {
    return "jobs.fold-tally";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofSeconds(2));
  }

  @Override
  public void run(String payload) {
    tally.fold();
  }
}
