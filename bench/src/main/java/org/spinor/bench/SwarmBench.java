package org.spinor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Very many running jobs that say that they live: how many heartbeats a second the server takes,
 * and whether it loses anybody.
 */
final class SwarmBench implements Bench.Benchmark {
  private static final int JOBS_A_PILOT = 64;
  private static final int HEARTBEAT_SECONDS = 300;
  private static final int PILOT_HEARTBEAT_SECONDS = 60;
  private final int jobs;
  private final int clients;
  private final int seconds;

  SwarmBench(int jobs, int clients, int seconds) {
    this.jobs = jobs;
    this.clients = clients;
    this.seconds = seconds;
  }

  @Override
  public SequencedMap<String, Object> run(ServerUnderLoad server) {
    int pilotCount = (jobs + JOBS_A_PILOT - 1) / JOBS_A_PILOT;
    Pilots pilots = new Pilots(server);
    Map<Integer, List<Pilots.Given>> holding = start(server, pilots, pilotCount);
    List<Pilots.Given> running = new ArrayList<>();
    holding.values().forEach(running::addAll);
    ServerUnderLoad.say(running.size() + " jobs run and send heartbeats");
    AtomicLong lost = new AtomicLong();
    Load load =
        Load.run(
            server.port(),
            clients,
            seconds,
            (wire, client, round) -> {
              int number = (int) ((client + round * clients) % (running.size() + pilotCount));
              if (number >= running.size()) {
                int pilot = number - running.size();
                int missing = pilots.heartbeat(wire, pilot, holding.getOrDefault(pilot, List.of()));
                lost.addAndGet(missing);
                return missing == 0;
              }
              return heartbeat(wire, running.get(number), round);
            });
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "swarm");
    load.into(figures);
    figures.put(
        "rate_needed",
        Load.round(
            (double) jobs / HEARTBEAT_SECONDS + (double) pilotCount / PILOT_HEARTBEAT_SECONDS));
    figures.put("jobs", jobs);
    figures.put(
        "running", server.count("SELECT count(*) FROM jobs.lease WHERE lease_until > now()"));
    figures.put("lost", lost.get());
    figures.put("pilots", pilotCount);
    figures.put("clients", clients);
    figures.put("seconds", seconds);
    server.describe(figures);
    return figures;
  }

  /** Submits the jobs and gives them to pilots; who holds what. */
  private Map<Integer, List<Pilots.Given>> start(
      ServerUnderLoad server, Pilots pilots, int pilotCount) {
    String user = server.token("user", "bench");
    try (Wire wire = new Wire(server.port())) {
      for (int left = jobs; left > 0; left -= 10_000) {
        wire.send(
            "POST",
            "/api/jobs/jdl",
            user,
            "[\"Executable = \\\"/bin/sleep\\\"; Parameters = %d;\"]"
                .formatted(Math.min(left, 10_000)));
      }
    }
    Map<Integer, List<Pilots.Given>> holding = new ConcurrentHashMap<>();
    ServerUnderLoad.say(pilotCount + " pilots take " + jobs + " jobs");
    Clients.each(
        8,
        server.port(),
        (wire, client) -> {
          for (int pilot = client; pilot < pilotCount; pilot += 8) {
            pilots.register(pilot);
            holding.put(pilot, fill(wire, pilots, pilot));
          }
        });
    return holding;
  }

  /** One answer may be less than a pilot has room for: others asked for the same jobs. */
  private static List<Pilots.Given> fill(Wire wire, Pilots pilots, int pilot) {
    List<Pilots.Given> all = new ArrayList<>();
    List<Pilots.Given> more;
    do {
      String request = "swarm-" + pilot + "-" + all.size();
      more = pilots.ask(wire, pilot, request, JOBS_A_PILOT - all.size(), List.of());
      all.addAll(more);
    } while (!more.isEmpty() && all.size() < JOBS_A_PILOT);
    return all;
  }

  private static boolean heartbeat(Wire wire, Pilots.Given job, long round) {
    String body =
        """
        {"%d": {"LoadAverage": 1.5, "MemoryUsed": 812.5, "CPUConsumed": %d, "WallClockTime": %d,
                "StandardOutput": "event %d done"}}
        """
            .formatted(job.jobId(), round * 60, round * 61, round);
    return wire.send("PATCH", "/api/jobs/heartbeat", job.token(), body).status() == 200;
  }
}
