package org.spinor.server.database;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions by hand. A transaction that lost a race (serialisation failure, deadlock) or its
 * connection before the commit is tried again; the work must therefore have no effect outside the
 * database. Where the connection is lost while committing nobody knows whether the work was done:
 * that is thrown, and repeating is for whoever can see what is there. Called inside a transaction,
 * the work joins it.
 */
public final class Transactions {
  private static final Logger log = LoggerFactory.getLogger(Transactions.class);
  private static final Set<String> WORTH_RETRYING =
      Set.of("40001", "40P01", "08000", "08001", "08003", "08006", "57P01", "57P02", "57P03");

  /** Rolled back for certain, even where the commit itself said so. */
  private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

  private static final String CHECK_VIOLATION = "23514";

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
      AtomicBoolean committing = new AtomicBoolean();
      try {
        return template.execute(
            status -> {
              T result = work.get();
              committing.set(true);
              return result;
            });
      } catch (DataAccessException | TransactionException e) {
        // A connection lost while committing leaves it open whether the work was done.
        Set<String> retried = committing.get() ? ROLLED_BACK : WORTH_RETRYING;
        if (attempt == TRIES || !hasState(e, retried)) {
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
   * What it throws then is only logged: the transaction is done, nobody may try it again.
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
            try {
              action.run();
            } catch (RuntimeException e) {
              log.error("what should follow a commit failed", e);
            }
          }
        });
  }

  private static boolean hasState(Throwable failure, Set<String> states) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return states.contains(sql.getSQLState()) || metANewPartition(sql);
      }
    }
    return false;
  }

  /**
   * The row was meant for the default partition when one of its own was attached (PostgreSQL
   * chooses before it waits for the lock). That is a violated check without a constraint's name.
   */
  private static boolean metANewPartition(SQLException failure) {
    return CHECK_VIOLATION.equals(failure.getSQLState())
        && failure instanceof PSQLException refusal
        && refusal.getServerErrorMessage() != null
        && refusal.getServerErrorMessage().getConstraint() == null;
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
