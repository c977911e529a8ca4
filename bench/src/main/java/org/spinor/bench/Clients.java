package org.spinor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several connections that each do a job of their own, once. */
final class Clients {
  private Clients() {}

  /** What one of them does. */
  interface Work {
    void run(Wire wire, int client);
  }

  static void each(int clients, int port, Work work) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int number = client;
        running.add(
            threads.submit(
                () -> {
                  try (Wire wire = new Wire(port)) {
                    work.run(wire, number);
                  }
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client of the benchmark failed", e.getCause());
    }
  }
}
