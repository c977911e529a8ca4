package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The pilots of one site, as an operator sees them. */
final class SitePilots {
  private static final Pattern TIME_LEFT =
      Pattern.compile("(?m)^(\\S+) .*time left in the slot: (\\d+) s$");

  /** A queue whose element was away is left alone for minutes before it is asked again. */
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private final Api operator;
  private final String site;

  SitePilots(Api operator, String site) {
    this.operator = operator;
    this.site = site;
  }

  String site() {
    return site;
  }

  /** Stamps of those in a status. */
  List<String> with(String status) {
    return search(
        List.of(
            Map.of("parameter", "GridSite", "operator", "eq", "value", site),
            Map.of("parameter", "Status", "operator", "eq", "value", status)));
  }

  /** Stamps of all. */
  List<String> all() {
    return search(List.of(Map.of("parameter", "GridSite", "operator", "eq", "value", site)));
  }

  private List<String> search(List<Map<String, String>> conditions) {
    List<String> stamps = new ArrayList<>();
    operator
        .ok("POST", "/api/pilots/search", Map.of("search", conditions))
        .forEach(pilot -> stamps.add(pilot.path("PilotStamp").asString()));
    return stamps;
  }

  JsonNode show(String stamp) {
    return operator.ok("GET", "/api/pilots/" + stamp, null);
  }

  String log(String stamp) {
    return operator.call("GET", "/api/pilots/" + stamp + "/log", null).body();
  }

  /** Waits for so many that run. */
  List<String> running(int count) {
    List<String> running = new ArrayList<>();
    Await.until(
        () ->
            count + " pilots run; last seen " + operator.ok("POST", "/api/pilots/search", Map.of()),
        PATIENCE,
        () -> {
          running.clear();
          running.addAll(with("Running"));
          return running.size() >= count;
        });
    return running.subList(0, count);
  }

  void end(String stamp) {
    operator.ok("POST", "/api/pilots/" + stamp + "/kill", null);
  }

  /**
   * As a node would that lost its power: no word is said, the batch system's part is left alone.
   */
  void die(String stamp) {
    List<Long> processes = Processes.withMark("SPINOR_PILOT_STAMP=" + stamp, "spinor-pilot.jar");
    assertThat(processes).as("processes of pilot %s", stamp).isNotEmpty();
    processes.forEach(pid -> Processes.signal(pid, "KILL"));
  }

  /** Waits until the server has given one up, with a reason; returns what it tells. */
  JsonNode awaitLost(String stamp) {
    Await.until(
        () -> stamp + " is given up; last seen " + show(stamp),
        PATIENCE,
        () -> Set.of("Aborted", "Failed").contains(show(stamp).path("Status").asString()));
    JsonNode pilot = show(stamp);
    assertThat(pilot.path("StatusReason").asString()).as("%s", pilot).isNotBlank();
    return pilot;
  }

  /**
   * The pilots of a queue found the end of their slots, which began between their submission and
   * their first line in the log.
   *
   * @param limit of each slot
   */
  void assertTimeLeft(String queue, Duration limit) {
    int seen = 0;
    for (String stamp : all()) {
      JsonNode pilot = show(stamp);
      Matcher told = TIME_LEFT.matcher(log(stamp));
      if (pilot.path("Queue").asString().equals(queue) && told.find()) {
        seen++;
        Instant end = Instant.parse(told.group(1)).plusSeconds(Long.parseLong(told.group(2)));
        assertThat(end)
            .as("end of the slot of %s", pilot)
            .isBetween(
                Instant.parse(pilot.path("SubmissionTime").asString()).plus(limit).minusSeconds(3),
                Instant.parse(told.group(1)).plus(limit).plusSeconds(1));
      }
    }
    assertThat(seen).as("pilots in %s that know their time", queue).isPositive();
  }
}
