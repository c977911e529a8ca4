package org.spinor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How soon pilots come to very many queues once there is work, and what looking after them costs;
 * first with sites that behave, then with some that do not. Whoever behaves must not notice.
 */
final class ProvisioningBench {
  private static final int QUEUES_OF_A_SITE = 5;
  private static final int IDLE_PILOTS = 2;
  private static final int MOST_PILOTS = 10;
  private static final int LEAST_SECONDS = 60;
  private static final int PATIENCE_SECONDS = 300;
  private static final String COUNT_CYCLES =
      "SELECT claim FROM tasks.task WHERE type = 'provisioning.cycle'";

  /** Of twenty sites so many behave so; all others are good. */
  private static final Map<Integer, String> MISBEHAVING = Map.of(0, "slow", 1, "lossy", 2, "hangs");

  private static final int EVERY = 20;

  private final int jobs;
  private final int queues;
  private final int seconds;

  /**
   * @param seconds how long cycles are watched: a minute at least, they come every ten seconds
   */
  ProvisioningBench(int jobs, int queues, int seconds) {
    this.jobs = jobs;
    this.queues = queues;
    this.seconds = Math.max(LEAST_SECONDS, seconds);
  }

  SequencedMap<String, Object> run(boolean keep) {
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "provisioning");
    Round behaving = round(Map.of(), keep);
    Round misbehaving = round(MISBEHAVING, keep);
    misbehaving.into(figures);
    SequencedMap<String, Object> without = new LinkedHashMap<>();
    behaving.into(without);
    figures.put("all_sites_behave", without);
    figures.put("jobs", jobs);
    figures.put("sites", sites());
    figures.put("queues", sites() * QUEUES_OF_A_SITE);
    figures.put("seconds", seconds);
    figures.put("cores", Runtime.getRuntime().availableProcessors());
    figures.put("server_heap_mb", misbehaving.heapMb);
    return figures;
  }

  private int sites() {
    return Math.max(1, queues / QUEUES_OF_A_SITE);
  }

  /**
   * What one server saw.
   *
   * @param firstPilots when each good queue had its first pilots accepted, ms after the submission
   * @param good queues that should have pilots
   * @param pilots accepted in all
   * @param most pilots of one queue
   */
  private record Round(
      Histogram firstPilots,
      int good,
      long pilots,
      long most,
      double cycleMillis,
      double cpuMillis,
      long heapMb) {
    void into(SequencedMap<String, Object> figures) {
      double last = firstPilots.getMaxValue() / 1000.0;
      figures.put("rate", Load.round(firstPilots.getTotalCount() / Math.max(0.001, last)));
      figures.put("p50_ms", (double) firstPilots.getValueAtPercentile(50));
      figures.put("p99_ms", (double) firstPilots.getValueAtPercentile(99));
      figures.put("max_ms", (double) firstPilots.getMaxValue());
      figures.put("errors", good - firstPilots.getTotalCount());
      figures.put("good_queues", good);
      figures.put("pilots", pilots);
      figures.put("most_pilots_of_a_queue", most);
      figures.put("cycle_ms", Load.round(cycleMillis));
      figures.put("cpu_ms_a_cycle", Load.round(cpuMillis));
    }
  }

  private Round round(Map<Integer, String> misbehaving, boolean keep) {
    try (ServerUnderLoad server =
        ServerUnderLoad.start(keep, configuration(misbehaving), ProvisioningBench::install)) {
      int good = good(misbehaving);
      String token = server.token("user", "bench");
      awaitCycles(server, 2);
      ServerUnderLoad.say(
          jobs + " jobs for " + sites() * QUEUES_OF_A_SITE + " queues, " + good + " of them good");
      Histogram firstPilots = submitAndWatch(server, token, good);
      ServerUnderLoad.say("watching cycles for " + seconds + " s");
      long cycles = server.count(COUNT_CYCLES);
      long cpu = server.cpuMillis();
      double working = shareOfCycles(server);
      long passed = Math.max(1, server.count(COUNT_CYCLES) - cycles);
      return new Round(
          firstPilots,
          good,
          server.count("SELECT count(*) FROM pilots.pilot WHERE accepted"),
          server.count(
              """
              SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM pilots.pilot
                WHERE status IN ('Submitted', 'Waiting', 'Running', 'Unknown') GROUP BY grid_site, destination_site, queue) q
              """),
          working * seconds * 1000 / passed,
          (double) (server.cpuMillis() - cpu) / passed,
          server.heapMb());
    }
  }

  private int good(Map<Integer, String> misbehaving) {
    int good = 0;
    for (int site = 0; site < sites(); site++) {
      good += misbehaving.containsKey(site % EVERY) ? 0 : QUEUES_OF_A_SITE;
    }
    return good;
  }

  private static void awaitCycles(ServerUnderLoad server, int cycles) {
    while (server.count("SELECT coalesce(max(claim), 0) FROM (" + COUNT_CYCLES + ") c") < cycles) {
      ServerUnderLoad.sleep(200);
    }
  }

  private Histogram submitAndWatch(ServerUnderLoad server, String token, int good) {
    Histogram millis = new Histogram(3_600_000L, 3);
    long start = System.nanoTime();
    try (Wire wire = new Wire(server.port())) {
      String jdl = "[\"Executable = \\\"/bin/sleep\\\"; Parameters = %d;\"]".formatted(jobs);
      Wire.Answer answer = wire.send("POST", "/api/jobs/jdl", token, jdl);
      if (answer.status() != 201) {
        throw new IllegalStateException("submission -> " + answer.status() + " " + answer.body());
      }
    }
    long seen = 0;
    long end = start + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (seen < good && System.nanoTime() < end) {
      long now =
          server.count(
              """
              SELECT count(DISTINCT (grid_site, destination_site, queue)) FROM pilots.pilot
              WHERE accepted AND grid_site LIKE 'GOOD%'
              """);
      if (now > seen) {
        millis.recordValueWithCount(
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), now - seen);
        seen = now;
      }
      ServerUnderLoad.sleep(50);
    }
    return millis;
  }

  /** Which share of the time a cycle was being made. */
  private double shareOfCycles(ServerUnderLoad server) {
    long looks = 0;
    long working = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      looks++;
      working +=
          server.count(
              "SELECT count(*) FROM tasks.task WHERE type = 'provisioning.cycle' AND state = 'running'");
      ServerUnderLoad.sleep(10);
    }
    return (double) working / Math.max(1, looks);
  }

  private String configuration(Map<Integer, String> misbehaving) {
    StringBuilder sites = new StringBuilder();
    for (int site = 0; site < sites(); site++) {
      String behaviour = misbehaving.getOrDefault(site % EVERY, "good");
      String kind = behaviour.equals("good") ? "GOOD" : "BAD";
      sites.append(
          """
              %s.Site%d.org:
                CEs:
                  ce%d.example.org:
                    CEType: Fake
                    Behaviour: %s
                    Queues:
          """
              .formatted(kind, site, site, behaviour));
      for (int queue = 0; queue < QUEUES_OF_A_SITE; queue++) {
        sites.append(
            "              queue%d: {CPUTime: %d, IdlePilots: %d, MaxTotalPilots: %d}\n"
                .formatted(queue, 100_000 + queue, IDLE_PILOTS, MOST_PILOTS));
      }
    }
    return ServerUnderLoad.REGISTRY + "Resources:\n  Sites:\n" + sites;
  }

  /** The plug-in as an operator would install it: a folder with its jars. */
  private static void install(Path data) {
    Path target = ServerUnderLoad.HOME.resolve("bench/target");
    Path folder = data.resolve("plugins/fake");
    try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
      Files.createDirectories(folder);
      List<Path> jars = new ArrayList<>(List.of(target.resolve("bench.jar")));
      libraries
          .filter(jar -> jar.getFileName().toString().startsWith("spinor-spi-testkit"))
          .forEach(jars::add);
      for (Path jar : Set.copyOf(jars)) {
        Files.copy(jar, folder.resolve(jar.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
