package org.spinor.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How fast jobs get in: many in one call, and one a call from many connections. */
final class SubmitBench implements Bench.Benchmark {
  private static final int JOBS_A_CALL = 10_000;
  private final int jobs;
  private final int clients;
  private final int seconds;

  SubmitBench(int jobs, int clients, int seconds) {
    this.jobs = jobs;
    this.clients = clients;
    this.seconds = seconds;
  }

  @Override
  public SequencedMap<String, Object> run(ServerUnderLoad server) {
    String token = server.token("user", "bench");
    double bulkRate = bulk(server, token);
    ServerUnderLoad.say("single jobs from " + clients + " connections");
    Load load =
        Load.run(
            server.port(),
            clients,
            seconds,
            (wire, client, round) -> {
              String jdl =
                  "[\"Executable = \\\"/bin/echo\\\"; Arguments = \\\"%d %d\\\"; JobName = \\\"bench\\\";\"]"
                      .formatted(client, round);
              return wire.send("POST", "/api/jobs/jdl", token, jdl).status() == 201;
            });
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "submit");
    load.into(figures);
    figures.put("bulk_rate", Load.round(bulkRate));
    figures.put("jobs", jobs);
    figures.put("jobs_a_call", JOBS_A_CALL);
    figures.put("clients", clients);
    figures.put("seconds", seconds);
    figures.put("jobs_in_table", server.count("SELECT count(*) FROM jobs.job"));
    server.describe(figures);
    return figures;
  }

  private double bulk(ServerUnderLoad server, String token) {
    String call =
        "[\"Executable = \\\"/bin/echo\\\"; Arguments = \\\"%%n\\\"; JobName = \\\"bulk\\\"; Parameters = %d;\"]"
            .formatted(JOBS_A_CALL);
    try (Wire warm = new Wire(server.port())) {
      warm.send("POST", "/api/jobs/jdl", token, call);
    }
    ServerUnderLoad.say(jobs + " jobs in calls of " + JOBS_A_CALL);
    AtomicInteger left = new AtomicInteger(jobs / JOBS_A_CALL);
    long start = System.nanoTime();
    Clients.each(
        2,
        server.port(),
        (wire, client) -> {
          while (left.getAndDecrement() > 0) {
            Wire.Answer answer = wire.send("POST", "/api/jobs/jdl", token, call);
            if (answer.status() != 201) {
              throw new IllegalStateException(
                  "bulk submission -> " + answer.status() + " " + answer.body());
            }
          }
        });
    double elapsed = (System.nanoTime() - start) / 1e9;
    int calls = jobs / JOBS_A_CALL;
    return calls * JOBS_A_CALL / elapsed;
  }
}
