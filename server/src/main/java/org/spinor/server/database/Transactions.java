package org.spinor.server.database;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions by hand. A transaction that lost a race (serialisation failure, deadlock) or its
 * connection before the commit is tried again; the work must therefore have no effect outside the
 * database. Called inside a transaction, the work joins it.
 */
public final class Transactions {
  private static final Set<String> WORTH_RETRYING =
      Set.of("40001", "40P01", "08000", "08003", "08006", "57P01");
  private static final int TRIES = 5;

  private final TransactionTemplate template;

  public Transactions(PlatformTransactionManager manager) {
    this.template = new TransactionTemplate(manager);
  }

  public <T> T in(Supplier<T> work) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      return work.get();
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return template.execute(status -> work.get());
      } catch (DataAccessException | TransactionException e) {
        if (attempt == TRIES || !worthRetrying(e)) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  public void run(Runnable work) {
    in(
        () -> {
          work.run();
          return true;
        });
  }

  /**
   * Runs the action once the surrounding transaction has committed; at once where there is none.
   */
  public static void afterCommit(Runnable action) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }

  private static boolean worthRetrying(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return WORTH_RETRYING.contains(sql.getSQLState());
      }
    }
    return false;
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(5, 20L << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two tries of a transaction", e);
    }
  }
}
