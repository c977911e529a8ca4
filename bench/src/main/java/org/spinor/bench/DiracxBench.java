package org.spinor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/**
 * Spinor and DiracX side by side: the same requests from the same client on the same machine, in
 * slices that alternate, so that whatever disturbs the machine disturbs both.
 */
final class DiracxBench {
  private static final int FEW_JOBS = 2_500;
  private static final int SLICE_SECONDS = 5;
  private static final int FIRST_WARM_UP_SECONDS = 30;
  private static final int WARM_UP_SECONDS = 5;
  private static final int WRITING_WARM_UP_SECONDS = 30;

  private final List<Integer> sizes;
  private final int clients;
  private final int slices;
  private final List<Operation> operations;

  /**
   * @param jobs in the larger table; there is a small one as well
   */
  DiracxBench(int jobs, int clients, int seconds, List<Operation> operations) {
    this.sizes = jobs > FEW_JOBS ? List.of(FEW_JOBS, jobs) : List.of(jobs);
    this.clients = clients;
    this.slices = Math.max(1, seconds / SLICE_SECONDS);
    this.operations = operations;
  }

  SequencedMap<String, Object> run(boolean keep) {
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "diracx");
    List<SequencedMap<String, Object>> results = new ArrayList<>();
    long heap = 0;
    for (int jobs : sizes) {
      // New servers for each size: what one part submits must not be in the table of the next.
      try (DiracxServer diracx = new DiracxServer(keep);
          ServerUnderLoad spinor = ServerUnderLoad.start(keep)) {
        measure(spinor, diracx, jobs, results);
        heap = spinor.heapMb();
      }
    }
    results.getLast().forEach(figures::putIfAbsent);
    figures.keySet().removeAll(List.of("operation", "diracx", "ratio", "cpu_ms", "cpu_ratio"));
    figures.put("jobs", sizes);
    figures.put("clients", clients);
    figures.put("seconds", slices * SLICE_SECONDS);
    figures.put("operations", results);
    figures.put("cores", Runtime.getRuntime().availableProcessors());
    figures.put("server_heap_mb", heap);
    return figures;
  }

  private void measure(
      ServerUnderLoad spinor,
      DiracxServer diracx,
      int jobs,
      List<SequencedMap<String, Object>> results) {
    String token = spinor.token("user", "bench");
    ServerUnderLoad.say("writing %,d jobs into both databases".formatted(jobs));
    SameJobs.into(diracx, jobs);
    SameJobs.into(spinor, token, jobs);
    requireSame(states(spinor.port(), token), states(diracx.port(), diracx.token()));
    new Load().go(spinor.port(), clients, FIRST_WARM_UP_SECONDS, mixed(token));
    new Load().go(diracx.port(), clients, WARM_UP_SECONDS, mixed(diracx.token()));
    for (Operation operation : operations) {
      Load.Step ours = operation.with(token);
      Load.Step theirs = operation.with(diracx.token());
      int warmUp = operation.writes() ? WRITING_WARM_UP_SECONDS : WARM_UP_SECONDS;
      new Load().go(spinor.port(), clients, warmUp, ours);
      new Load().go(diracx.port(), clients, WARM_UP_SECONDS, theirs);
      Side spinorSide =
          new Side(spinor.port(), ours, () -> spinor.cpuMillis() + spinor.databaseCpuMillis());
      Side diracxSide = new Side(diracx.port(), theirs, diracx::cpuMillis);
      for (int slice = 0; slice < slices; slice++) {
        spinorSide.slice(clients);
        diracxSide.slice(clients);
      }
      results.add(result(operation, jobs, spinorSide, diracxSide));
    }
  }

  /** Everything that only reads. */
  private static Load.Step mixed(String token) {
    List<Load.Step> steps =
        Operation.ALL.stream()
            .filter(operation -> !operation.writes())
            .map(operation -> operation.with(token))
            .toList();
    // Each client begins elsewhere.
    return (wire, client, round) ->
        steps.get((int) ((client + round) % steps.size())).run(wire, client, round);
  }

  /** One of the two, at one operation. */
  private static final class Side {
    private final Load load = new Load();
    private final int port;
    private final Load.Step step;
    private final LongSupplier cpu;
    private long cpuMillis;

    /**
     * @param cpu CPU time so far of all processes of the server and its database, ms
     */
    Side(int port, Load.Step step, LongSupplier cpu) {
      this.port = port;
      this.step = step;
      this.cpu = cpu;
    }

    void slice(int clients) {
      long before = cpu.getAsLong();
      load.go(port, clients, SLICE_SECONDS, step);
      cpuMillis += cpu.getAsLong() - before;
    }

    /** CPU time of a request, ms: what other processes of the machine do hardly moves it. */
    double cpuOfOne() {
      return (double) cpuMillis / Math.max(1, load.answers());
    }

    void into(SequencedMap<String, Object> figures) {
      load.into(figures);
      figures.put("cpu_ms", Math.round(cpuOfOne() * 1000) / 1000.0);
    }
  }

  private static SequencedMap<String, Object> result(
      Operation operation, int jobs, Side ours, Side theirs) {
    SequencedMap<String, Object> result = new LinkedHashMap<>();
    result.put("operation", operation.name());
    result.put("jobs", jobs);
    ours.into(result);
    SequencedMap<String, Object> diracx = new LinkedHashMap<>();
    theirs.into(diracx);
    result.put("diracx", diracx);
    double ratio = Load.round(ours.load.rate() / theirs.load.rate());
    double cpuRatio = Load.round(theirs.cpuOfOne() / ours.cpuOfOne());
    result.put("ratio", ratio);
    result.put("cpu_ratio", cpuRatio);
    ServerUnderLoad.say(
        "%-14s %,9d jobs  Spinor %8.1f/s  DiracX %8.1f/s  %6.1f times; CPU %.3f ms, %.3f ms, %.1f times"
            .formatted(
                operation.name(),
                jobs,
                ours.load.rate(),
                theirs.load.rate(),
                ratio,
                ours.cpuOfOne(),
                theirs.cpuOfOne(),
                cpuRatio));
    return result;
  }

  /** How many jobs there are in each of the states that nothing here moves. */
  private static Map<String, Long> states(int port, String token) {
    Map<String, Long> counts = new TreeMap<>();
    try (Wire wire = new Wire(port)) {
      Wire.Answer answer =
          wire.send("POST", "/api/jobs/summary", token, "{\"grouping\": [\"Status\", \"Site\"]}");
      for (JsonNode group : Json.tree(answer.body())) {
        if (!group.path("Site").asString().equals("ANY")) {
          counts.put(
              group.path("Status").asString() + " at " + group.path("Site").asString(),
              group.path("count").asLong());
        }
      }
    }
    return counts;
  }

  private static void requireSame(Map<String, Long> ours, Map<String, Long> theirs) {
    if (ours.isEmpty() || !ours.equals(theirs)) {
      throw new IllegalStateException(
          "the two servers do not have the same jobs: " + ours + " and " + theirs);
    }
  }
}
