package org.spinor.server.matching.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.rules.LimitKey;
import org.spinor.server.matching.rules.LimitRules;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.terms.RequirementClass;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The other end of a match: counters of limits go down and usage goes up in the transaction that
 * ends the attempts, once for all of them and just before its commit, so that rows are locked
 * shortly and in one order.
 */
public final class EndedAttempts {
  private final Transactions transactions;
  private final ClassStore classes;
  private final CurrentRules rules;
  private final LimitTable limits;
  private final UsageTable usage;

  public EndedAttempts(
      Transactions transactions,
      ClassStore classes,
      CurrentRules rules,
      LimitTable limits,
      UsageTable usage) {
    this.transactions = transactions;
    this.classes = classes;
    this.rules = rules;
    this.limits = limits;
    this.usage = usage;
  }

  /** What ended in one transaction so far. */
  private final class Ended implements TransactionSynchronization {
    private final List<JobEvents.AttemptEnded> attempts = new ArrayList<>();

    @Override
    public void beforeCommit(boolean readOnly) {
      book(attempts);
    }

    @Override
    public void afterCompletion(int status) {
      TransactionSynchronizationManager.unbindResourceIfPossible(EndedAttempts.this);
    }
  }

  @EventListener
  public void ended(JobEvents.AttemptEnded attempt) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      transactions.run(() -> book(List.of(attempt)));
      return;
    }
    if (TransactionSynchronizationManager.getResource(this) instanceof Ended ended) {
      ended.attempts.add(attempt);
      return;
    }
    Ended ended = new Ended();
    ended.attempts.add(attempt);
    TransactionSynchronizationManager.bindResource(this, ended);
    TransactionSynchronizationManager.registerSynchronization(ended);
  }

  private void book(List<JobEvents.AttemptEnded> attempts) {
    Map<Integer, RequirementClass> known =
        classes.numbered(
            attempts.stream().map(JobEvents.AttemptEnded::classNumber).distinct().toList());
    LimitRules now = rules.now();
    SortedMap<LimitKey, Long> fewer = new TreeMap<>();
    SortedMap<UsageTable.Who, Double> used = new TreeMap<>();
    for (JobEvents.AttemptEnded attempt : attempts) {
      Optional.ofNullable(known.get(attempt.classNumber()))
          .map(RequirementClass::asks)
          .ifPresent(
              asks -> {
                now.limitsOn(asks, attempt.site(), attempt.ce())
                    .forEach(key -> fewer.merge(key, -1L, Long::sum));
                double coreSeconds = (double) attempt.cores() * attempt.seconds();
                if (coreSeconds > 0) {
                  used.merge(
                      new UsageTable.Who(asks.vo(), asks.ownerGroup(), asks.owner()),
                      coreSeconds,
                      Double::sum);
                }
              });
    }
    if (!fewer.isEmpty()) {
      limits.lower(fewer);
    }
    usage.add(used);
  }
}
