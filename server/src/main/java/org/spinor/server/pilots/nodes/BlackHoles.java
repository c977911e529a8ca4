package org.spinor.server.pilots.nodes;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.NodeInfo;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.Transactions;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.pilots.PilotsProperties;
import org.spinor.server.pilots.nodes.BlackHoleRepository.Failures;
import org.spinor.server.pilots.nodes.BlackHoleRepository.Node;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Finds black holes: nodes that swallow one job after the other because each fails within moments.
 * Such a node is put aside for a while: pilots there drain, with the reason.
 *
 * <p>What happened is collected in memory and counted every two seconds in the table that all
 * servers share; a server that dies forgets two seconds of it.
 */
@Component
public final class BlackHoles {
  private static final Logger log = LoggerFactory.getLogger(BlackHoles.class);
  private static final String CHANNEL = "pilots_nodes";
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_KEPT = 100_000;

  private final BlackHoleRepository repository;
  private final Transactions transactions;
  private final Notifications notifications;
  private final PilotsProperties properties;
  private final Clock clock;
  private final ConcurrentLinkedQueue<JobEvents.AttemptEnded> ended = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final Object counting = new Object();
  private final Thread counter;
  private volatile View view = new View(Map.of(), Set.of(), Instant.MIN);

  record View(Map<Node, String> aside, Set<Node> suspects, Instant read) {}

  BlackHoles(
      BlackHoleRepository repository,
      Transactions transactions,
      Notifications notifications,
      PilotsProperties properties,
      Clock clock) {
    this.repository = repository;
    this.transactions = transactions;
    this.notifications = notifications;
    this.properties = properties;
    this.clock = clock;
    notifications.listen(CHANNEL, this::read);
    this.counter = Thread.ofVirtual().name("black-holes").start(this::keepCounting);
  }

  /** Why a node gets no work; empty: it does. */
  public Optional<String> reason(String site, String host) {
    if (host.isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(now().aside().get(new Node(site, host)));
  }

  @EventListener
  void attemptEnded(JobEvents.AttemptEnded event) {
    if (properties.fastFailures() == 0 || !(isBad(event) || isGood(event))) {
      return;
    }
    Transactions.afterCommit(
        () -> {
          if (kept.get() < MOST_KEPT) {
            kept.incrementAndGet();
            ended.add(event);
          }
        });
  }

  /** A wrong result is as bad whenever it comes; a right one counts when it is found right. */
  @EventListener
  void resultJudged(JobEvents.ResultJudged event) {
    attemptEnded(
        new JobEvents.AttemptEnded(
            event.attempt(),
            event.classNumber(),
            event.pilotStamp(),
            event.site(),
            event.ce(),
            0,
            0,
            true,
            event.accepted() ? JobEvents.Outcome.DONE : JobEvents.Outcome.REJECTED));
  }

  private boolean isBad(JobEvents.AttemptEnded event) {
    if (event.outcome() == JobEvents.Outcome.REJECTED) {
      return true;
    }
    return event.seconds() < properties.fastFailure().toSeconds()
        && (event.outcome() == JobEvents.Outcome.FAILED
            || event.outcome() == JobEvents.Outcome.INFRASTRUCTURE);
  }

  private boolean isGood(JobEvents.AttemptEnded event) {
    if (event.outcome() == JobEvents.Outcome.UNVERIFIED || isBad(event)) {
      return false;
    }
    return event.outcome() == JobEvents.Outcome.DONE
        || event.seconds() >= properties.fastFailure().toSeconds();
  }

  private void keepCounting() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(2000);
        count();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("fast failures were not counted: {}", e.getMessage());
      }
    }
  }

  /** Counts what was collected; on return that is done, also where another thread had begun it. */
  void count() {
    synchronized (counting) {
      countCollected();
    }
  }

  private void countCollected() {
    List<JobEvents.AttemptEnded> events = new ArrayList<>();
    for (JobEvents.AttemptEnded event = ended.poll(); event != null; event = ended.poll()) {
      events.add(event);
      kept.decrementAndGet();
    }
    if (events.isEmpty()
        || (events.stream().noneMatch(this::isBad) && now().suspects().isEmpty())) {
      return;
    }
    List<Failures> failures = failures(events);
    if (failures.isEmpty()) {
      return;
    }
    Map<Node, String> bad =
        transactions.in(
            () -> {
              repository.count(failures);
              Map<Node, String> aside =
                  repository.putAside(properties.fastFailures(), properties.asideFor());
              notifications.send(CHANNEL, "");
              return aside;
            });
    bad.forEach((node, reason) -> log.warn("{}: {}", node.site(), reason));
    read();
  }

  private List<Failures> failures(List<JobEvents.AttemptEnded> events) {
    Set<String> stamps = new HashSet<>();
    events.forEach(event -> stamps.add(event.pilotStamp()));
    Map<String, Node> nodes = repository.nodesOf(stamps);
    Map<Node, List<JobEvents.AttemptEnded>> byNode = new LinkedHashMap<>();
    for (JobEvents.AttemptEnded event : events) {
      Node node = nodes.get(event.pilotStamp());
      if (node != null) {
        byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(event);
      }
    }
    List<Failures> failures = new ArrayList<>();
    byNode.forEach(
        (node, all) -> {
          Failures counted = failures(node, all);
          if (counted.failures() > 0 || now().suspects().contains(node)) {
            failures.add(counted);
          }
        });
    return failures;
  }

  private Failures failures(Node node, List<JobEvents.AttemptEnded> events) {
    boolean afresh = false;
    // A pilot that dies takes all its jobs with it at one stroke: that is one failure.
    Map<String, JobEvents.AttemptEnded> bad = new LinkedHashMap<>();
    for (JobEvents.AttemptEnded event : events) {
      if (isBad(event)) {
        bad.put(event.pilotStamp(), event);
      } else {
        afresh = true;
        bad.clear();
      }
    }
    Set<Integer> classes = new HashSet<>();
    int infrastructure = 0;
    for (JobEvents.AttemptEnded event : bad.values()) {
      classes.add(event.classNumber());
      infrastructure += event.outcome() == JobEvents.Outcome.FAILED ? 0 : 1;
    }
    return new Failures(node, afresh, bad.size(), classes, infrastructure);
  }

  /** Nodes put aside, and those on which something failed fast lately. */
  List<NodeInfo> list() {
    return repository.list();
  }

  /**
   * Gives a node work again.
   *
   * @param by whoever decided so
   */
  void release(String site, String host, String by) {
    boolean known =
        transactions.in(
            () -> {
              boolean there = repository.release(new Node(site, host));
              notifications.send(CHANNEL, "");
              return there;
            });
    if (!known) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "no node '%s' of '%s' was put aside or is under suspicion".formatted(host, site));
    }
    log.info("{} released {} of {}", by, host, site);
    read();
  }

  private View now() {
    View last = view;
    return last.read().isBefore(clock.instant().minus(LONGEST)) ? read() : last;
  }

  synchronized View read() {
    Instant now = clock.instant();
    view = new View(Map.copyOf(repository.aside()), Set.copyOf(repository.suspects()), now);
    return view;
  }

  @PreDestroy
  void close() {
    counter.interrupt();
  }
}
