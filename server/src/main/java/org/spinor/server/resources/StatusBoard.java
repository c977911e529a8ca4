package org.spinor.server.resources;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.spinor.server.database.Notifications;
import org.springframework.stereotype.Component;

/**
 * All statuses in memory: read on every match, changed a few times a day. A change on any server is
 * notified to the others; where a notification is lost, the board is read again after a minute.
 */
@Component
final class StatusBoard {
  private static final String CHANNEL = "resources_status";
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * What was read at one moment.
   *
   * @param number another one for each reading
   */
  record Snapshot(
      long number, List<ElementStatus> all, Map<String, ElementStatus> sites, Instant read) {
    static final Snapshot NONE = new Snapshot(0, List.of(), Map.of(), Instant.MIN);

    Optional<ElementStatus> site(String name) {
      return Optional.ofNullable(sites.get(name));
    }
  }

  private final StatusRepository repository;
  private final Notifications notifications;
  private final Clock clock;
  private volatile Snapshot snapshot;

  StatusBoard(StatusRepository repository, Notifications notifications, Clock clock) {
    this.repository = repository;
    this.notifications = notifications;
    this.clock = clock;
    this.snapshot = Snapshot.NONE;
    notifications.listen(CHANNEL, this::read);
  }

  Snapshot now() {
    Snapshot last = snapshot;
    return last.read().isBefore(clock.instant().minus(LONGEST)) ? read() : last;
  }

  /** To be called in the transaction of the change. */
  void changed() {
    notifications.send(CHANNEL, "");
  }

  /** Reads the table; one thread at a time, so that an older state never replaces a newer one. */
  synchronized Snapshot read() {
    Instant now = clock.instant();
    List<ElementStatus> all = repository.all();
    Map<String, ElementStatus> sites =
        all.stream()
            .filter(status -> status.elementType().equals(ElementStatus.SITE))
            .filter(status -> status.vo().equals(ElementStatus.ALL))
            .filter(status -> status.statusType().equals(ElementStatus.ALL))
            .collect(Collectors.toUnmodifiableMap(ElementStatus::name, Function.identity()));
    Snapshot fresh = new Snapshot(snapshot.number() + 1, List.copyOf(all), sites, now);
    snapshot = fresh;
    return fresh;
  }
}
