package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.spinor.api.Offer;
import org.spinor.api.WorkRequest;
import tools.jackson.databind.JsonNode;

/**
 * Many pilots at once over HTTP: nobody goes away empty while a job fits, nobody gets what does not
 * fit, nothing is given twice.
 */
class DrainIT {
  private static final int CLASSES = 300;
  private static final int ASKERS = 64;

  @Test
  void sixtyFourAskersDrainThreeHundredClassesOfOneJob() throws Exception {
    try (ServerProcess server = ServerProcess.withConfiguration(Configurations.WITHOUT_PILOTS);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Api user = server.as("user", "alice");
      List<String> jdl = new ArrayList<>();
      for (int i = 0; i < CLASSES; i++) {
        jdl.add(
            "Executable = \"/bin/true\"; Tags = {\"class%d\", \"%s\"};"
                .formatted(i, i % 2 == 0 ? "even" : "odd"));
      }
      Set<Long> waiting = Set.copyOf(user.submit(jdl.toArray(String[]::new)));
      List<Future<Set<Long>>> askers = new ArrayList<>();
      Api pilots = server.as("pilot", "pilot");
      for (int i = 0; i < ASKERS; i++) {
        String parity = i % 2 == 0 ? "even" : "odd";
        String stamp = register(pilots, i);
        askers.add(threads.submit(() -> drain(pilots, stamp, parity)));
      }
      Set<Long> all = new HashSet<>();
      for (Future<Set<Long>> asker : askers) {
        for (long id : asker.get()) {
          assertThat(all.add(id)).as("job " + id + " is given once").isTrue();
        }
      }
      assertThat(all).isEqualTo(waiting);
    }
  }

  private static String register(Api pilots, int number) {
    String stamp = "%032x".formatted(number + 1);
    pilots.ok(
        "POST",
        "/api/pilots/",
        Map.of(
            "pilot_stamp",
            stamp,
            "vo",
            "spinor",
            "grid_site",
            "TEST.Nowhere.org",
            "destination_site",
            "nowhere",
            "pilot_status",
            "Running"));
    return stamp;
  }

  /**
   * Asks until it hears "nothing", once: an asker that stops too early leaves jobs behind for
   * nobody, as each asker stops so.
   */
  private static Set<Long> drain(Api pilots, String stamp, String parity) {
    List<String> tags = new ArrayList<>(List.of(parity));
    for (int i = 0; i < CLASSES; i++) {
      tags.add("class" + i);
    }
    Set<Long> mine = new HashSet<>();
    while (true) {
      JsonNode jobs = ask(pilots, stamp, tags).path("jobs");
      if (jobs.isEmpty()) {
        return mine;
      }
      for (JsonNode job : jobs) {
        String jdl = job.path("jdl").asString();
        assertThat(jdl).contains("\"" + parity + "\"");
        mine.add(job.path("job_id").asLong());
      }
      pause();
    }
  }

  private static JsonNode ask(Api pilots, String stamp, List<String> tags) {
    return pilots.ok(
        "POST",
        "/api/pilots/" + stamp + "/work",
        new WorkRequest(UUID.randomUUID().toString(), offer(tags), 1));
  }

  private static Offer offer(List<String> tags) {
    return new Offer(
        "TEST.Nowhere.org",
        "nowhere",
        "default",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        tags,
        List.of(),
        1_000_000,
        1,
        false,
        4000,
        10_000,
        0);
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextInt(20)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
