package org.spinor.plugins.computing.cream;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.spinor.plugins.computing.cream.ws.Answer;
import org.spinor.plugins.computing.cream.ws.CreamPort;
import org.spinor.plugins.computing.cream.ws.GridsiteDelegation;
import org.spinor.plugins.computing.cream.ws.Job;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.ProxyKeeper;
import org.spinor.plugins.grid.X509Access;
import org.spinor.spi.Credentials;
import org.spinor.spi.TemporaryException;

/**
 * An account at a CREAM element, with its connections and its web folder: what all queues there
 * share.
 *
 * <p>Remembers the stamps of the account's jobs. They never change, so that a look for a pilot
 * costs the list of numbers, and questions about those alone that somebody else has added.
 */
final class CreamAccount implements AutoCloseable {
  private final HttpsService http;
  private final CreamPort port;
  private final Store store;
  private final ProxyKeeper delegations;
  private final Map<String, String> stamps = new ConcurrentHashMap<>();

  CreamAccount(CreamSettings.Service service, Credentials credentials, InstantSource clock) {
    X509Access access =
        new X509Access(
            Optional.of(service.x509()), service.authorities(), true, credentials, clock);
    this.http = new HttpsService(service.endpoint(), access, "a CREAM computing element");
    this.port = new CreamPort(http, service.endpoint());
    this.store = new Store(service, access);
    this.delegations = new ProxyKeeper(access, new GridsiteDelegation(http), clock);
  }

  CreamPort port() {
    return port;
  }

  Store store() {
    return store;
  }

  ProxyKeeper delegations() {
    return delegations;
  }

  /**
   * The account's jobs with one of these stamps.
   *
   * @throws TemporaryException CREAM does not tell of one whether it is among them
   */
  Map<String, List<Job>> jobs(Collection<String> wanted, Deadline deadline) {
    List<String> ids = port.list(deadline);
    Set<String> listed = Set.copyOf(ids);
    // Another queue's look may forget, by an older list, what this one still needs.
    Map<String, String> here = new LinkedHashMap<>(stamps);
    here.keySet().retainAll(listed);
    Set<String> strangers = new LinkedHashSet<>(ids);
    strangers.removeAll(here.keySet());
    known(strangers, deadline).forEach((id, job) -> here.put(id, Jdl.stamp(job.jdl()).orElse("")));
    stamps.keySet().retainAll(listed);
    stamps.putAll(here);
    Set<String> looked = Set.copyOf(wanted);
    List<String> found =
        ids.stream().filter(id -> looked.contains(here.getOrDefault(id, ""))).toList();
    Map<String, List<Job>> jobs = new LinkedHashMap<>();
    known(found, deadline)
        .forEach(
            (id, job) ->
                jobs.computeIfAbsent(here.getOrDefault(id, ""), stamp -> new ArrayList<>())
                    .add(job));
    return jobs;
  }

  /** Of these jobs those that are there still. */
  Map<String, Job> known(Collection<String> ids, Deadline deadline) {
    Map<String, Job> jobs = new LinkedHashMap<>();
    Map<String, Answer> answers = port.info(ids, deadline);
    for (String id : ids) {
      switch (answers.getOrDefault(id, new Answer.Failed("", "left out of the answer"))) {
        case Answer.Known(Job job) -> jobs.put(id, job);
        case Answer.Unknown _ -> {
          // gone since the list was made
        }
        case Answer.Failed(String _, String reason) ->
            throw new TemporaryException("CREAM does not tell of its job " + id + ": " + reason);
        case Answer.Taken _, Answer.WrongState _ ->
            throw new TemporaryException("CREAM does not tell of its job " + id);
      }
    }
    return jobs;
  }

  /** A job that we have registered ourselves. */
  void remember(String id, String stamp) {
    stamps.put(id, stamp);
  }

  @Override
  public void close() {
    http.close();
    store.close();
  }
}
