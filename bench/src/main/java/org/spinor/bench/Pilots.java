package org.spinor.bench;

import java.util.ArrayList;
import java.util.List;
import org.spinor.api.Offer;
import org.spinor.api.WorkRequest;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** Pilots that exist only as requests. */
final class Pilots {
  private final ServerUnderLoad server;
  private final String token;

  Pilots(ServerUnderLoad server) {
    this.server = server;
    this.token = server.token("pilot", "pilot");
  }

  /** A job that a pilot was given, and the token to speak for it. */
  record Given(long jobId, int attempt, String token) {}

  static String stamp(int number) {
    return "%032x".formatted(number + 1);
  }

  void register(int number) {
    try (Wire wire = new Wire(server.port())) {
      String body =
          """
          {"pilot_stamp": "%s", "vo": "%s", "grid_site": "%s", "destination_site": "ce", "grid_type": "Local",
           "pilot_status": "Running"}
          """
              .formatted(stamp(number), ServerUnderLoad.VO, ServerUnderLoad.SITE);
      Wire.Answer answer = wire.send("POST", "/api/pilots/", token, body);
      if (answer.status() != 201) {
        throw new IllegalStateException(
            "registration of a pilot -> " + answer.status() + " " + answer.body());
      }
    }
  }

  /**
   * Asks for work on a large node.
   *
   * @return what was given; empty where nothing fits
   */
  List<Given> ask(Wire wire, int number, String request, int jobs, List<String> tags) {
    Offer offer =
        new Offer(
            ServerUnderLoad.SITE,
            "ce",
            "queue",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            tags,
            List.of(),
            2_000_000,
            64,
            false,
            256_000,
            1_000_000,
            0);
    String body = Json.write(new WorkRequest(request, offer, jobs));
    Wire.Answer answer = wire.send("POST", "/api/pilots/" + stamp(number) + "/work", token, body);
    if (answer.status() != 200) {
      throw new IllegalStateException("work -> " + answer.status() + " " + answer.body());
    }
    List<Given> given = new ArrayList<>();
    for (JsonNode job : Json.tree(answer.body()).path("jobs")) {
      given.add(
          new Given(
              job.path("job_id").asLong(),
              job.path("attempt").asInt(),
              job.path("token").asString()));
    }
    return given;
  }

  /**
   * A pilot's heartbeat for the attempts it holds; the number of attempts that the server says it
   * has lost.
   */
  int heartbeat(Wire wire, int number, List<Given> running) {
    StringBuilder attempts = new StringBuilder();
    for (Given job : running) {
      attempts.append(attempts.isEmpty() ? "" : ",").append("{\"job_id\":").append(job.jobId());
      attempts.append(",\"attempt\":").append(job.attempt()).append('}');
    }
    Wire.Answer answer =
        wire.send(
            "POST",
            "/api/pilots/" + stamp(number) + "/heartbeat",
            token,
            "{\"running\":[" + attempts + "],\"node\":{\"host\":\"node" + number + "\"}}");
    if (answer.status() != 200) {
      throw new IllegalStateException("heartbeat -> " + answer.status() + " " + answer.body());
    }
    return Json.tree(answer.body()).path("lost").size();
  }
}
