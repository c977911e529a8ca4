package org.spinor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.spinor.client.Json;

/**
 * One kind of request that goes to both servers.
 *
 * @param body of the next request
 * @param good the status codes of an answer that counts
 */
record Operation(
    String name, String method, String path, Supplier<String> body, Set<Integer> good) {
  private static final int IN_BULK = 20;

  /** No text twice: the server remembers those that it has read lately. */
  private static final AtomicLong NUMBER = new AtomicLong();

  /** Reading comes first: writing changes what is read. */
  static final List<Operation> ALL =
      List.of(
          new Operation("userinfo", "GET", "/api/auth/userinfo", () -> "", Set.of(200)),
          new Operation("config", "GET", "/api/config/", () -> "", Set.of(200)),
          // The first page of a portal.
          fixed(
              "search",
              "/api/jobs/search?page=1&per_page=10",
              "{\"sort\": [{\"parameter\": \"JobID\", \"direction\": \"desc\"}]}"),
          fixed(
              "search_failed",
              "/api/jobs/search?page=1&per_page=10",
              """
              {"parameters": ["JobID", "Status", "MinorStatus", "Site", "JobName", "LastUpdateTime"],
               "search": [{"parameter": "Owner", "operator": "eq", "value": "%s"},
                          {"parameter": "Status", "operator": "in", "values": ["Failed", "Killed"]}],
               "sort": [{"parameter": "JobID", "direction": "desc"}]}
              """
                  .formatted(SameJobs.OWNER)),
          fixed("summary", "/api/jobs/summary", "{\"grouping\": [\"Status\"]}"),
          new Operation("submit", "POST", "/api/jobs/jdl", () -> submission(1), Set.of(201)),
          new Operation(
              "submit_20", "POST", "/api/jobs/jdl", () -> submission(IN_BULK), Set.of(201)));

  /** Whether it makes jobs. */
  boolean writes() {
    return good.contains(201);
  }

  private static Operation fixed(String name, String path, String body) {
    return new Operation(name, "POST", path, () -> body, Set.of(200, 206));
  }

  private static String submission(int jobs) {
    List<String> jdls = new ArrayList<>();
    for (int job = 0; job < jobs; job++) {
      jdls.add(
          "Executable = \"/bin/echo\"; Arguments = \"%d\"; JobName = \"bench\";"
              .formatted(NUMBER.incrementAndGet()));
    }
    return Json.write(jdls);
  }

  /** A step of a load with this. */
  Load.Step with(String token) {
    return (wire, client, round) ->
        good.contains(wire.send(method, path, token, body.get()).status());
  }
}
