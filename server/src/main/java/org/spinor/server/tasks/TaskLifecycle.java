package org.spinor.server.tasks;

import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/** Work begins when all rooms are there, and ends before any of them goes. */
final class TaskLifecycle implements SmartLifecycle {
  private final TaskTable table;
  private final TaskSignals signals;
  private final ObjectProvider<TaskHandler> handlers;
  private volatile Optional<TaskWorkers> workers = Optional.empty();

  TaskLifecycle(TaskTable table, TaskSignals signals, ObjectProvider<TaskHandler> handlers) {
    this.table = table;
    this.signals = signals;
    this.handlers = handlers;
  }

  @Override
  public void start() {
    TaskWorkers started = new TaskWorkers(table, handlers.orderedStream().toList());
    started.start();
    signals.start(started::wake);
    workers = Optional.of(started);
  }

  @Override
  public void stop() {
    workers.ifPresent(TaskWorkers::close);
    workers = Optional.empty();
  }

  @Override
  public boolean isRunning() {
    return workers.isPresent();
  }
}
