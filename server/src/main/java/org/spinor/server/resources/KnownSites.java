package org.spinor.server.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.springframework.stereotype.Component;

/** The sites of the configuration with the statuses of the board. */
@Component
final class KnownSites implements Sites, SiteStatuses {
  private static final int LONGEST_REASON = 512;

  private final Configurations configurations;
  private final StatusBoard board;
  private final StatusRepository repository;
  private final Transactions transactions;
  private volatile Seen seen = new Seen("", 0, List.of());

  /** The queues as of one revision of the configuration and one reading of the board. */
  private record Seen(String revision, long board, List<KnownQueue> queues) {}

  KnownSites(
      Configurations configurations,
      StatusBoard board,
      StatusRepository repository,
      Transactions transactions) {
    this.configurations = configurations;
    this.board = board;
    this.repository = repository;
    this.transactions = transactions;
  }

  @Override
  public List<KnownQueue> queues() {
    Configuration configuration = configurations.current();
    StatusBoard.Snapshot statuses = board.now();
    Seen last = seen;
    if (last.board() == statuses.number() && last.revision().equals(configuration.revision())) {
      return last.queues();
    }
    List<KnownQueue> queues = new ArrayList<>();
    for (Configuration.Site site : configuration.resources().sites().values()) {
      SiteStatus status = status(statuses, site.name());
      site.computingElements()
          .values()
          .forEach(
              element ->
                  element
                      .queues()
                      .values()
                      .forEach(
                          queue ->
                              queues.add(new KnownQueue(queue, status.active(), status.reason()))));
    }
    seen = new Seen(configuration.revision(), statuses.number(), List.copyOf(queues));
    return seen.queues();
  }

  @Override
  public Optional<Boolean> usable(String site) {
    return isKnown(site) ? Optional.of(of(site).active()) : Optional.empty();
  }

  @Override
  public SiteStatus of(String site) {
    return status(board.now(), site);
  }

  @Override
  public SiteStatus decide(String site, boolean active, String reason, String by) {
    if (!isKnown(site)) {
      throw new SpinorException(ErrorCode.NOT_FOUND, "no site '" + site + "' in the configuration");
    }
    if (reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "a reason has at most " + LONGEST_REASON + " characters, and no NUL among them");
    }
    String status = active ? ElementStatus.ACTIVE : ElementStatus.BANNED;
    transactions.run(
        () -> {
          repository.set(ElementStatus.SITE, site, status, reason, by);
          board.changed();
        });
    return status(board.read(), site);
  }

  private boolean isKnown(String site) {
    return configurations.current().resources().sites().containsKey(site);
  }

  private static SiteStatus status(StatusBoard.Snapshot statuses, String site) {
    return statuses
        .site(site)
        .map(
            status ->
                new SiteStatus(
                    Allowance.of(status) instanceof Allowance.Allowed,
                    status.reason(),
                    Optional.of(status.changedBy()),
                    Optional.of(status.dateEffective())))
        .orElseGet(SiteStatus::untouched);
  }
}
