package org.spinor.server.sandboxes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.spinor.server.database.Transactions;
import org.spinor.server.sandboxes.SandboxTable.Known;
import org.springframework.stereotype.Component;

/**
 * Which sandboxes are there: as the rows say, and as the store says where bytes come to it without
 * our seeing. Stores are asked outside of transactions, which must not wait for them.
 */
@Component
final class Inventory {
  private static final int QUESTIONS_AT_ONCE = 16;

  private final Stores stores;
  private final SandboxTable table;
  private final Transactions transactions;

  Inventory(Stores stores, SandboxTable table, Transactions transactions) {
    this.stores = stores;
    this.table = table;
    this.transactions = transactions;
  }

  /** Writes the sandbox down where it is not; whether its bytes are there. */
  Known announced(SandboxName name, long size) {
    Known row =
        transactions.in(
            () -> {
              // Whoever removes these bytes now is waited for; who comes later sees the row.
              table.lockBytes(List.of(name.checksum()));
              return table.register(name, size, stores.current().id());
            });
    boolean there = stores.of(row.store()).has(name, row.stored());
    if (there != row.stored()) {
      table.stored(name, row.store(), there);
    }
    return new Known(row.id(), row.store(), there);
  }

  /** Those of these sandboxes whose bytes are there. */
  Map<SandboxName, Known> find(Collection<SandboxName> names) {
    Map<SandboxName, Known> there = new ConcurrentHashMap<>();
    Map<SandboxName, Known> open = new HashMap<>();
    table
        .find(names)
        .forEach(
            (name, row) -> {
              if (row.stored()) {
                there.put(name, row);
              } else if (stores.of(row.store()).fillsUnseen()) {
                open.put(name, row);
              }
            });
    if (!open.isEmpty()) {
      ask(open, there);
    }
    return there;
  }

  private void ask(Map<SandboxName, Known> open, Map<SandboxName, Known> there) {
    Semaphore turns = new Semaphore(QUESTIONS_AT_ONCE);
    List<Future<?>> questions = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      open.forEach(
          (name, row) ->
              questions.add(
                  threads.submit(
                      () -> {
                        turns.acquire();
                        try {
                          if (stores.of(row.store()).has(name, false)) {
                            table.stored(name, row.store(), true);
                            there.put(name, new Known(row.id(), row.store(), true));
                          }
                        } finally {
                          turns.release();
                        }
                        return true;
                      })));
    }
    questions.forEach(Inventory::rethrow);
  }

  private static void rethrow(Future<?> question) {
    if (question.state() == Future.State.FAILED) {
      throw question.exceptionNow() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(question.exceptionNow());
    }
  }
}
