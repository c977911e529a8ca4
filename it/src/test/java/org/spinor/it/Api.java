package org.spinor.it;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spinor.client.Json;
import org.spinor.client.ServerUnreachableException;
import org.spinor.client.Transport;
import tools.jackson.databind.JsonNode;

/**
 * The REST API as one caller sees it: raw JSON, so that the tests see the wire and not our client's
 * reading of it.
 */
public final class Api {
  static final Set<String> FINAL = Set.of("Done", "Failed", "Killed", "Completed", "Deleted");

  private final Transport transport;

  public Api(URI server, @Nullable String token) {
    this(server, token, Duration.ofSeconds(60));
  }

  /**
   * @param patience how long an answer may take
   */
  Api(URI server, @Nullable String token, Duration patience) {
    this.transport = new Transport(server, () -> token, patience);
  }

  public static Api anonymous(URI server) {
    return new Api(server, null);
  }

  Transport transport() {
    return transport;
  }

  public HttpResponse<String> call(String method, String path, @Nullable Object body) {
    HttpRequest.BodyPublisher publisher =
        switch (body) {
          case null -> HttpRequest.BodyPublishers.noBody();
          case String text -> HttpRequest.BodyPublishers.ofString(text);
          default -> HttpRequest.BodyPublishers.ofString(Json.write(body));
        };
    HttpRequest request =
        transport
            .request(path)
            .header("Content-Type", "application/json")
            .method(method, publisher)
            .build();
    return transport.exchange(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The status of a request; 0 where no answer came. */
  public int status(String method, String path, @Nullable Object body) {
    try {
      return call(method, path, body).statusCode();
    } catch (ServerUnreachableException e) {
      return 0;
    }
  }

  /** The JSON of a request that must succeed. */
  public JsonNode ok(String method, String path, @Nullable Object body) {
    HttpResponse<String> answer = call(method, path, body);
    if (answer.statusCode() >= 300) {
      throw new AssertionError(
          method + " " + path + " -> " + answer.statusCode() + " " + answer.body());
    }
    return Json.tree(answer.body().isEmpty() ? "null" : answer.body());
  }

  public List<Long> submit(String... jdl) {
    List<Long> ids = new ArrayList<>();
    ok("POST", "/api/jobs/jdl", List.of(jdl)).forEach(job -> ids.add(job.path("JobID").asLong()));
    return ids;
  }

  public JsonNode job(long id) {
    JsonNode found =
        ok(
            "POST",
            "/api/jobs/search",
            Map.of("search", List.of(Map.of("parameter", "JobID", "operator", "eq", "value", id))));
    if (found.size() != 1) {
      throw new AssertionError("job " + id + " -> " + found);
    }
    return found.get(0);
  }

  String statusOf(long id) {
    return job(id).path("Status").asString();
  }

  JsonNode logging(long id) {
    return ok("GET", "/api/jobs/" + id + "/logging", null);
  }

  /** Status to number of jobs, of the given ids. */
  Map<String, Integer> statuses(List<Long> ids) {
    Map<String, Integer> counts = new HashMap<>();
    eachOf(ids, job -> counts.merge(job.path("Status").asString(), 1, Integer::sum));
    return counts;
  }

  void eachOf(List<Long> ids, Consumer<JsonNode> each) {
    for (int from = 0; from < ids.size(); from += 5000) {
      List<Long> some = ids.subList(from, Math.min(ids.size(), from + 5000));
      ok(
              "POST",
              "/api/jobs/search?per_page=5000",
              Map.of(
                  "search",
                  List.of(Map.of("parameter", "JobID", "operator", "in", "values", some))))
          .forEach(each);
    }
  }

  /** Waits until all jobs have ended; returns how. Survives times without a server. */
  Map<String, Integer> waitForAll(List<Long> ids, Duration atMost) {
    List<Map<String, Integer>> last = new ArrayList<>();
    Await.until(
        () -> "all of " + ids.size() + " jobs have ended; last seen " + last + unended(ids),
        atMost,
        () -> {
          try {
            Map<String, Integer> now = statuses(ids);
            last.clear();
            last.add(now);
            return FINAL.containsAll(now.keySet())
                && now.values().stream().mapToInt(Integer::intValue).sum() == ids.size();
          } catch (ServerUnreachableException e) {
            return false;
          }
        });
    return last.getFirst();
  }

  /** What is known of some that have not ended. */
  private String unended(List<Long> ids) {
    StringBuilder text = new StringBuilder();
    try {
      List<Long> some = new ArrayList<>();
      eachOf(
          ids,
          job -> {
            if (!FINAL.contains(job.path("Status").asString()) && some.size() < 3) {
              some.add(job.path("JobID").asLong());
            }
          });
      for (long id : some) {
        text.append("\njob %d: %s, attempts %s".formatted(id, logging(id), Attempts.of(this, id)));
      }
    } catch (ServerUnreachableException e) {
      text.append("; now there is no server");
    }
    return text.toString();
  }
}
