package org.spinor.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
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
    figures.keySet().removeAll(List.of("operation", "diracx", "ratio"));
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
      Load spinorLoad = new Load();
      Load diracxLoad = new Load();
      for (int slice = 0; slice < slices; slice++) {
        spinorLoad.go(spinor.port(), clients, SLICE_SECONDS, ours);
        diracxLoad.go(diracx.port(), clients, SLICE_SECONDS, theirs);
      }
      results.add(result(operation, jobs, spinorLoad, diracxLoad));
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

  private static SequencedMap<String, Object> result(
      Operation operation, int jobs, Load ours, Load theirs) {
    SequencedMap<String, Object> result = new LinkedHashMap<>();
    result.put("operation", operation.name());
    result.put("jobs", jobs);
    ours.into(result);
    SequencedMap<String, Object> diracx = new LinkedHashMap<>();
    theirs.into(diracx);
    result.put("diracx", diracx);
    double ratio = Load.round(ours.rate() / theirs.rate());
    result.put("ratio", ratio);
    ServerUnderLoad.say(
        "%-14s %,9d jobs  Spinor %8.1f/s  DiracX %8.1f/s  %6.1f times"
            .formatted(operation.name(), jobs, ours.rate(), theirs.rate(), ratio));
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
