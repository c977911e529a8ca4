package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.spinor.client.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Plays recorded requests to one server and keeps what later ones need of the answers. */
final class Player {
  private final URI server;
  private final Function<String, String> tokens;
  private final Map<String, Instant> times = new TreeMap<>();
  private final Map<String, String> kept = new TreeMap<>();

  /**
   * @param tokens by {@code group user}
   */
  Player(URI server, Function<String, String> tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  Answer play(Step step) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(filled(step.path())))
            .timeout(Duration.ofMinutes(1))
            .method(
                step.method(),
                step.body().isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(filled(step.body())));
    step.headers().forEach((name, value) -> request.header(name, filled(value)));
    if (!step.who().equals("nobody")) {
      request.header("Authorization", "Bearer " + tokens.apply(step.who()));
    }
    try (HttpClient http = connection()) {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      step.keep().forEach((name, place) -> kept.put(name, value(answer, place)));
      return Answer.of(answer, kept, server, step.compare());
    } catch (IOException e) {
      throw new UncheckedIOException(step.name(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A new one for each request: DiracX ends a connection after an internal error without saying so
   * in its answer, and a request that is sent in that moment is lost.
   */
  private static HttpClient connection() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> variable : kept.entrySet()) {
      filled = filled.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    if (times.isEmpty() && filled.contains("${t0}")) {
      // Reports count when they are not older than the newest one, and what follows comes before.
      Instant later = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofMinutes(5));
      for (int i = 0; i < 10; i++) {
        times.put("t" + i, later.plusSeconds(i));
      }
    }
    for (Map.Entry<String, Instant> time : times.entrySet()) {
      // 2026-11-21T08:00:00: the request adds the zone
      String local = time.getValue().toString().replace("Z", "");
      filled = filled.replace("${" + time.getKey() + "}", local);
    }
    if (filled.contains("${")) {
      throw new IllegalStateException("nothing was kept for " + filled);
    }
    return filled;
  }

  private static String value(HttpResponse<String> answer, String place) {
    if (place.startsWith("header ")) {
      return answer.headers().firstValue(place.substring("header ".length())).orElse("");
    }
    try {
      JsonNode value = Json.tree(answer.body()).at(place);
      return value.asString("");
    } catch (JacksonException e) {
      return "";
    }
  }
}
