package org.spinor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How fast pilots get work while very many jobs of very many kinds wait. */
final class MatchBench implements Bench.Benchmark {
  private static final int OWNERS = 20;
  private static final int[] CPU_TIMES = {
    360, 1800, 3600, 21_600, 43_200, 86_400, 172_800, 259_200, 345_600, 432_000
  };
  private static final int KINDS_OF_PILOTS = 200;

  private final int jobs;
  private final int classes;
  private final int clients;
  private final int seconds;

  MatchBench(int jobs, int classes, int clients, int seconds) {
    this.jobs = jobs;
    this.classes = classes;
    this.clients = clients;
    this.seconds = seconds;
  }

  private int tags() {
    return Math.max(1, (classes + OWNERS * CPU_TIMES.length - 1) / (OWNERS * CPU_TIMES.length));
  }

  @Override
  public SequencedMap<String, Object> run(ServerUnderLoad server) {
    double prepared = prepare(server);
    Pilots pilots = new Pilots(server);
    for (int client = 0; client < clients; client++) {
      pilots.register(client);
    }
    List<List<String>> kinds = kinds();
    AtomicLong given = new AtomicLong();
    AtomicLong nothing = new AtomicLong();
    ServerUnderLoad.say(clients + " pilots ask for work");
    Load load =
        Load.run(
            server.port(),
            clients,
            seconds,
            (wire, client, round) -> {
              List<String> tags = kinds.get((int) ((client * 31L + round) % kinds.size()));
              String request = client + "-" + Long.toHexString(System.nanoTime());
              boolean got = !pilots.ask(wire, client, request, 1, tags).isEmpty();
              (got ? given : nothing).incrementAndGet();
              return got;
            });
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "match");
    load.into(figures);
    figures.put("jobs", jobs);
    figures.put("classes", server.count("SELECT count(DISTINCT class_number) FROM jobs.job"));
    figures.put("clients", clients);
    figures.put("seconds", seconds);
    figures.put("matched", server.count("SELECT count(*) FROM jobs.attempt"));
    figures.put("answered", given.get());
    figures.put("nothing_heard", nothing.get());
    figures.put(
        "duplicates", server.count("SELECT count(*) - count(DISTINCT job_id) FROM jobs.attempt"));
    figures.put("prepared_jobs_a_second", Load.round(prepared));
    server.describe(figures);
    return figures;
  }

  /**
   * All classes, each with its share of the jobs, in the order in which they are counted up: owner,
   * CPU time, tag.
   */
  private double prepare(ServerUnderLoad server) {
    List<String> owners = new ArrayList<>();
    for (int owner = 0; owner < OWNERS; owner++) {
      owners.add(server.token("user", "owner" + owner));
    }
    int each = Math.max(1, jobs / classes);
    ServerUnderLoad.say(classes + " classes with " + each + " jobs each");
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    Clients.each(
        4,
        server.port(),
        (wire, client) -> {
          for (int number = next.getAndIncrement();
              number < classes;
              number = next.getAndIncrement()) {
            String call =
                "[\"Executable = \\\"/bin/true\\\"; CPUTime = %d; Tags = {\\\"tag%d\\\"}; Parameters = %d;\"]"
                    .formatted(
                        CPU_TIMES[number / OWNERS % CPU_TIMES.length],
                        number / (OWNERS * CPU_TIMES.length),
                        each);
            Wire.Answer answer =
                wire.send("POST", "/api/jobs/jdl", owners.get(number % OWNERS), call);
            if (answer.status() != 201) {
              throw new IllegalStateException(
                  "submission -> " + answer.status() + " " + answer.body());
            }
          }
        });
    return (double) each * classes / ((System.nanoTime() - start) / 1e9);
  }

  /**
   * What different pilots offer: each kind about half of the tags, so that each meets other
   * classes.
   */
  private List<List<String>> kinds() {
    Random random = new Random(20261121);
    List<List<String>> kinds = new ArrayList<>();
    for (int kind = 0; kind < KINDS_OF_PILOTS; kind++) {
      List<String> offered = new ArrayList<>(List.of("tag" + random.nextInt(tags())));
      for (int tag = 0; tag < tags(); tag++) {
        if (random.nextBoolean()) {
          offered.add("tag" + tag);
        }
      }
      kinds.add(List.copyOf(offered));
    }
    return kinds;
  }
}
