package org.spinor.plugins.computing.arc.rest;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.HttpsService.Request;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/**
 * The operations of ARC's REST interface, versions 1.0 and 1.1 (ARC Computing Element REST
 * Interface, ARC 6.8 and later). Whatever concerns jobs is for many jobs in one request, but for
 * their files.
 */
public final class ArcRest {
  /** Jobs in one request. */
  private static final int AT_ONCE = 400;

  private static final List<String> VERSIONS = List.of("1.1", "1.0");
  private static final String XML = "application/xml";

  private final HttpsService http;
  private final String wanted;
  private volatile String version = "";

  /**
   * @param version as {@code 1.0}; empty: the newest that both sides know
   */
  public ArcRest(HttpsService http, String version) {
    this.http = http;
    this.wanted = version;
  }

  /** What can be done to jobs. */
  public enum Action {
    STATUS,
    INFO,
    KILL,
    CLEAN,
    RESTART,
    DELEGATIONS;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The version in use; asks for it once. */
  public String version(Deadline deadline) {
    if (version.isEmpty()) {
      List<String> offered = Answers.versions(http.ask(Request.get("/rest"), deadline).body());
      version =
          VERSIONS.stream()
              .filter(known -> wanted.isEmpty() || wanted.equals(known))
              .filter(offered::contains)
              .findFirst()
              .orElseThrow(
                  () ->
                      new MisconfiguredException(
                          http.title()
                              + " offers REST "
                              + String.join(", ", offered)
                              + ", and "
                              + (wanted.isEmpty() ? String.join(", ", VERSIONS) : wanted)
                              + " is spoken here"));
    }
    return version;
  }

  String path(String rest, Deadline deadline) {
    return "/rest/" + version(deadline) + rest;
  }

  HttpsService http() {
    return http;
  }

  /** Numbers of all jobs of the account. */
  public List<String> jobs(Deadline deadline) {
    return List.copyOf(
        Answers.list(http.ask(Request.get(path("/jobs", deadline)), deadline).body()).keySet());
  }

  /**
   * All jobs of the account with the state that the service itself knows. It is newer than what
   * {@link Action#STATUS} tells, which may be as old as the service's last look at the batch
   * system; but whatever is in the batch system is RUNNING here.
   */
  public Map<String, ArcState> states(Deadline deadline) {
    Map<String, ArcState> states = new LinkedHashMap<>();
    String path = path("/jobs?state=" + ArcState.all(), deadline);
    Answers.list(http.ask(Request.get(path), deadline).body())
        .forEach((id, name) -> ArcState.named(name).ifPresent(state -> states.put(id, state)));
    return states;
  }

  /**
   * Creates jobs; they wait for their files then.
   *
   * @param descriptions in ADL
   * @return an item for each, in their order
   */
  public List<JobItem> create(List<String> descriptions, Deadline deadline) {
    List<JobItem> items = new ArrayList<>();
    for (int from = 0; from < descriptions.size(); from += AT_ONCE) {
      List<String> some = descriptions.subList(from, Math.min(descriptions.size(), from + AT_ONCE));
      String body = "<ActivityDescriptions>" + String.join("", some) + "</ActivityDescriptions>";
      List<JobItem> created = Answers.items(post("/jobs?action=new", body, deadline));
      if (created.size() != some.size()) {
        throw new TemporaryException(
            http.title() + " answers for " + created.size() + " jobs of " + some.size());
      }
      items.addAll(created);
    }
    return items;
  }

  /**
   * Does something to jobs.
   *
   * @return what the service answered by number; it may leave some out
   */
  public Map<String, JobItem> act(Action action, Collection<String> ids, Deadline deadline) {
    List<String> all = List.copyOf(ids);
    Map<String, JobItem> items = new LinkedHashMap<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      StringBuilder body = new StringBuilder("<jobs>");
      for (String id : all.subList(from, Math.min(all.size(), from + AT_ONCE))) {
        body.append("<job><id>").append(Xml.escaped(id)).append("</id></job>");
      }
      byte[] answer =
          post("/jobs?action=" + action.word(), body.append("</jobs>").toString(), deadline);
      Answers.items(answer).forEach(item -> items.put(item.id(), item));
    }
    return items;
  }

  private byte[] post(String rest, String body, Deadline deadline) {
    return http.ask(Request.post(path(rest, deadline), XML, body), deadline).body();
  }

  /** Numbers of the delegations that these jobs use. */
  public Set<String> delegationsOf(Collection<String> ids, Deadline deadline) {
    Set<String> delegations = new LinkedHashSet<>();
    for (JobItem item : act(Action.DELEGATIONS, ids, deadline).values()) {
      delegations.addAll(item.delegations());
    }
    return delegations;
  }

  /** Puts a file into a job's folder. */
  public void put(String id, String name, String content, Deadline deadline) {
    http.ask(
        Request.put(file(id, "session", name, deadline), "application/octet-stream", content),
        deadline);
  }

  /** How long a file of a job's folder is; empty: it is not there. */
  public OptionalLong length(String id, String name, Deadline deadline) {
    return length(file(id, "session", name, deadline), deadline);
  }

  private OptionalLong length(String path, Deadline deadline) {
    HttpResponse<byte[]> answer = http.send(Request.head(path), deadline);
    if (answer.statusCode() == 404 || answer.statusCode() == 500) {
      return OptionalLong.empty();
    }
    if (answer.statusCode() != 200) {
      http.ask(Request.head(path), deadline);
    }
    return answer.headers().firstValueAsLong("Content-Length");
  }

  /**
   * The end of a file of a job.
   *
   * @param folder {@code session} for the job's own files, {@code diagnose} for what the service
   *     wrote about it: {@code failed}, {@code errors}, {@code local}, {@code status}, ...
   * @return empty where there is no such file or job
   */
  public Tail tail(String id, String folder, String name, int maxBytes, Deadline deadline) {
    String path = file(id, folder, name, deadline);
    OptionalLong length = length(path, deadline);
    if (length.isEmpty() || length.getAsLong() == 0) {
      return Tail.NOTHING;
    }
    long from = Math.max(0, length.getAsLong() - maxBytes);
    HttpResponse<byte[]> answer =
        from == 0
            ? http.send(Request.get(path), deadline)
            : http.send(
                Request.get(path),
                deadline,
                "Range",
                // It may have grown in the meantime: no more than asked for.
                "bytes=" + from + "-" + (length.getAsLong() - 1));
    if (answer.statusCode() == 404) {
      return Tail.NOTHING;
    }
    if (answer.statusCode() / 100 != 2) {
      http.ask(Request.get(path), deadline);
    }
    byte[] body = answer.body();
    int start = Math.max(0, body.length - maxBytes);
    return new Tail(
        new String(body, start, body.length - start, StandardCharsets.UTF_8),
        from > 0 || start > 0);
  }

  /**
   * The end of a file.
   *
   * @param truncated whether something stands before it
   */
  public record Tail(String text, boolean truncated) {
    static final Tail NOTHING = new Tail("", false);
  }

  private String file(String id, String folder, String name, Deadline deadline) {
    return path("/jobs/" + encoded(id) + "/" + folder + "/" + encoded(name), deadline);
  }

  static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** How full a queue is; empty: the service does not tell of this one. */
  public Optional<Share> share(String queue, Deadline deadline) {
    String path = path("/info?schema=glue2", deadline);
    return Answers.share(http.ask(Request.get(path), deadline).body(), queue);
  }
}
