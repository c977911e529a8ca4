package org.spinor.server.tasks;

import java.time.Duration;
import java.util.List;
import org.spinor.server.database.Transactions;

/** Puts work into the durable list. */
final class TaskList implements Tasks {
  private final TaskTable table;
  private final TaskSignals signals;

  TaskList(TaskTable table, TaskSignals signals) {
    this.table = table;
    this.signals = signals;
  }

  @Override
  public void add(String type, String payload) {
    addAll(type, List.of(payload));
  }

  @Override
  public void addAll(String type, List<String> payloads) {
    if (!payloads.isEmpty()) {
      table.add(type, payloads, Duration.ZERO);
      Transactions.afterCommit(signals::moreWork);
    }
  }

  @Override
  public void addIn(Duration delay, String type, String payload) {
    table.add(type, List.of(payload), delay);
    // The workers may have to sleep less than they meant to.
    Transactions.afterCommit(signals::moreWork);
  }

  @Override
  public void wake(String type) {
    Transactions.afterCommit(() -> signals.wake(type));
  }
}
