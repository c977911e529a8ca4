package org.spinor.server.sandboxes;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Transactions;
import org.spinor.server.sandboxes.Leftovers.Leftover;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/**
 * Removes sandboxes that nobody needs: rows first, then bytes that have no row left. In between
 * they are written down as left over, so that neither a kill nor a store that is away loses them.
 */
@Component
final class SandboxCleaning implements TaskHandler {
  private static final Logger log = LoggerFactory.getLogger(SandboxCleaning.class);
  private static final int AT_ONCE = 500;
  private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

  private final SandboxProperties properties;
  private final SandboxTable table;
  private final Leftovers leftovers;
  private final Stores stores;
  private final Transactions transactions;
  private final Clock clock;

  SandboxCleaning(
      SandboxProperties properties,
      SandboxTable table,
      Leftovers leftovers,
      Stores stores,
      Transactions transactions,
      Clock clock) {
    this.properties = properties;
    this.table = table;
    this.leftovers = leftovers;
    this.stores = stores;
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
    int batch;
    do {
      batch =
          transactions.in(
              () ->
                  table.removeOld(properties.keepUnassigned(), properties.keepOrphaned(), AT_ONCE));
      removed += batch;
    } while (batch == AT_ONCE);
    if (removed > 0) {
      log.info("{} sandboxes removed that no job needs", removed);
    }
    stores.local().sweepIncoming(clock.instant().minus(LONGEST_UPLOAD));
    sweepAll();
  }

  /** A store that is away keeps none of the others from being swept. */
  private void sweepAll() {
    List<SpinorException> away = new ArrayList<>();
    for (SandboxStore store : stores.all()) {
      try {
        int swept;
        do {
          swept = transactions.in(() -> sweep(store));
        } while (swept == AT_ONCE);
      } catch (SpinorException e) {
        away.add(e);
      }
    }
    if (!away.isEmpty()) {
      throw away.getFirst();
    }
  }

  /** Whoever announces or sends the same bytes now waits, or comes first and keeps them. */
  private int sweep(SandboxStore store) {
    List<Leftover> due = leftovers.due(store.id(), properties.bucket(), AT_ONCE);
    if (due.isEmpty()) {
      return 0;
    }
    table.lockBytes(due.stream().map(leftover -> leftover.name().checksum()).toList());
    Set<Long> wanted = leftovers.wanted(due);
    Set<SandboxName> refused =
        store.delete(
            due.stream()
                .filter(leftover -> !wanted.contains(leftover.id()))
                .map(Leftover::name)
                .toList());
    leftovers.later(due.stream().filter(l -> refused.contains(l.name())).toList());
    leftovers.done(due.stream().filter(l -> !refused.contains(l.name())).toList());
    return due.size();
  }
}
