package org.spinor.plugins.computing.arc;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.spi.Credentials;
import org.spinor.spi.TemporaryException;

/**
 * An account at a service, with its connections: what all queues there share.
 *
 * <p>Remembers the names of the account's jobs. They never change, so that a look for a pilot costs
 * the list of numbers, and questions about those alone that somebody else has added.
 */
final class ArcService implements AutoCloseable {
  private final HttpsService http;
  private final ArcRest rest;
  private final DelegationKeeper delegations;
  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();

  ArcService(ArcSettings.Service settings, Credentials credentials, InstantSource clock) {
    Identity identity = new Identity(settings, credentials, clock);
    this.http =
        new HttpsService(
            settings.endpoint(), identity, "a service of ARC with this version of REST");
    this.rest = new ArcRest(http, settings.version());
    this.delegations = new DelegationKeeper(identity, rest, settings.delegation(), clock);
  }

  ArcRest rest() {
    return rest;
  }

  DelegationKeeper delegations() {
    return delegations;
  }

  /** Does something that only one thread of this server does at a time for a queue. */
  <T> T inTurn(String queue, Deadline deadline, Supplier<T> work) {
    ReentrantLock turn = turns.computeIfAbsent(queue, name -> new ReentrantLock());
    try {
      if (!turn.tryLock(deadline.left().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TemporaryException("another submission to this queue takes its time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  /** Numbers of the account's jobs that have one of these names. */
  Map<String, List<String>> named(Collection<String> wanted, Deadline deadline) {
    List<String> ids = rest.jobs(deadline);
    names.keySet().retainAll(Set.copyOf(ids));
    Set<String> strangers = new LinkedHashSet<>(ids);
    strangers.removeAll(names.keySet());
    if (!strangers.isEmpty()) {
      learn(strangers, deadline);
    }
    Map<String, List<String>> found = new LinkedHashMap<>();
    Set<String> looked = Set.copyOf(wanted);
    names.forEach(
        (id, name) -> {
          if (looked.contains(name)) {
            found.computeIfAbsent(name, key -> new ArrayList<>()).add(id);
          }
        });
    return found;
  }

  private void learn(Set<String> ids, Deadline deadline) {
    Map<String, JobItem> items = rest.act(ArcRest.Action.INFO, ids, deadline);
    for (String id : ids) {
      JobItem item = items.get(id);
      if (item != null && item.isUnknown()) {
        // gone since the list was made
        continue;
      }
      String name = item == null ? "" : item.facts().name();
      names.put(id, name.isEmpty() ? nameFromFile(id, deadline) : name);
    }
  }

  /** For versions whose first information has no name yet. */
  private String nameFromFile(String id, Deadline deadline) {
    return Diagnostics.local(rest, id, deadline).getOrDefault("jobname", "");
  }

  /** A job that we have created ourselves. */
  void remember(String id, String name) {
    names.put(id, name);
  }

  @Override
  public void close() {
    http.close();
  }
}
