package org.spinor.server.sandboxes;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.database.Transactions;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/** Removes sandboxes that nobody needs: rows first, then bytes that have no row left. */
@Component
final class SandboxCleaning implements TaskHandler {
  private static final Logger log = LoggerFactory.getLogger(SandboxCleaning.class);
  private static final int AT_ONCE = 500;
  private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

  private final SandboxProperties properties;
  private final SandboxTable table;
  private final LocalStore store;
  private final Transactions transactions;
  private final Clock clock;

  SandboxCleaning(
      SandboxProperties properties,
      SandboxTable table,
      LocalStore store,
      Transactions transactions,
      Clock clock) {
    this.properties = properties;
    this.table = table;
    this.store = store;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public String type() {
    return "sandboxes.clean";
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofMinutes(10));
  }

  @Override
  public void run(String payload) {
    table.markOrphans();
    int removed = 0;
    List<Blob> old;
    do {
      old =
          transactions.in(
              () ->
                  table.removeOld(properties.keepUnassigned(), properties.keepOrphaned(), AT_ONCE));
      old.forEach(this::deleteUnlessOwned);
      removed += old.size();
    } while (old.size() == AT_ONCE);
    store.sweepIncoming(clock.instant().minus(LONGEST_UPLOAD));
    if (removed > 0) {
      log.info("{} sandboxes removed that no job needs", removed);
    }
  }

  /** Whoever sends the same bytes now waits, or comes first and keeps them. */
  private void deleteUnlessOwned(Blob blob) {
    transactions.run(
        () -> {
          table.lockBytes(blob.checksum());
          if (!table.isOwned(blob)) {
            store.delete(blob);
          }
        });
  }
}
