package org.spinor.server.identity.access;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.sessions.TestSessions;
import org.spinor.server.identity.tokens.Tokens;
import org.spinor.server.web.WireJson;

/** For each route that reaches objects: how to ask for one, and how to see that it was reached. */
final class AccessProbes {
  /** Whose object it is, seen from {@code alice} of the VO {@code earth}. */
  enum Whose {
    MINE("earth", "alice"),
    COLLEAGUES("earth", "bob"),
    FOREIGN("mars", "carol");

    final String vo;
    final String owner;

    Whose(String vo, String owner) {
      this.vo = vo;
      this.owner = owner;
    }
  }

  /**
   * An object and how to ask for it.
   *
   * @param token of the machine whose own it is, where it is one's
   */
  record Target(Whose whose, String id, @Nullable String token) {}

  /**
   * @param path with {@code %s} for the object
   * @param body with {@code %s} for the object
   * @param reached reads it off an answer that is no refusal
   */
  record Probe(
      Kind kind,
      Function<Target, String> path,
      Function<Target, String> body,
      Predicate<Seen> reached) {}

  record Seen(Target target, HttpResponse<String> answer) {
    boolean isFine() {
      return answer.statusCode() / 100 == 2;
    }

    boolean names() {
      return isFine() && answer.body().contains(target.id());
    }
  }

  enum Kind {
    JOB,
    PILOT,
    SESSION,
    VO,
    /** That has been let in; its number. */
    MACHINE,
    /** That asks to be let in; its code. */
    ASKING_MACHINE,
    /** That lets machines in; its number. */
    MACHINE_SECRET
  }

  /** What is the caller's own by its nature: no word of the request can name another's. */
  static final Set<String> WITHOUT_OBJECT =
      Set.of("GET /api/auth/userinfo", "POST /api/jobs/sandbox");

  private final WholeServer server;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, Probe> probes = new TreeMap<>();

  AccessProbes(WholeServer server) {
    this.server = server;
    jobs();
    sandboxes();
    pilots();
    onePilot();
    sessions();
    machines();
  }

  Map<String, Probe> all() {
    return probes;
  }

  private void jobs() {
    job("PATCH /api/jobs/status", "{\"%s\": {\"" + now() + "\": {\"MinorStatus\": \"seen\"}}}");
    job("PATCH /api/jobs/heartbeat", "{\"%s\": {\"LoadAverage\": 1.0}}");
    job("PATCH /api/jobs/metadata", "{\"%s\": {\"ApplicationStatus\": \"seen\"}}");
    for (String part : List.of("jdl", "parameters", "attempts", "logging", "heartbeats", "peek")) {
      job("GET /api/jobs/{jobId}/" + part, "");
    }
    job("GET /api/jobs/{jobId}/explain", "");
    job("POST /api/jobs/{jobId}/attempts/{attempt}/requeue", "{\"reason\": \"probe\"}");
    job("POST /api/jobs/kill", "{\"job_ids\": [%s]}");
    job("POST /api/jobs/delete", "{\"job_ids\": [%s]}");
    String only = "{\"parameter\": \"JobID\", \"operator\": \"eq\", \"value\": %s}";
    put("POST /api/jobs/search", Kind.JOB, "{\"search\": [" + only + "]}", Seen::names);
    put(
        "POST /api/jobs/summary",
        Kind.JOB,
        "{\"grouping\": [\"VO\"], \"search\": [" + only + "]}",
        seen -> seen.isFine() && seen.answer().body().contains("\"count\":1"));
    // a job that waits cannot start anew; that it may not be is another answer
    put(
        "POST /api/jobs/reschedule",
        Kind.JOB,
        "{\"job_ids\": [%s]}",
        seen ->
            seen.answer().statusCode() == 400
                || seen.answer().body().contains("\"" + seen.target().id() + "\""));
    // the owner is the caller, whatever the description says
    probes.put(
        "POST /api/jobs/jdl",
        new Probe(
            Kind.VO,
            target -> "/api/jobs/jdl",
            target ->
                WireJson.mapper()
                    .writeValueAsString(
                        List.of(
                            "Executable = \"x\"; Owner = \"%s\"; VirtualOrganization = \"%s\";"
                                .formatted(target.whose().owner, target.whose().vo))),
            Seen::isFine));
  }

  private void sandboxes() {
    for (String part : List.of("", "/{sandboxType}")) {
      job("GET /api/jobs/{jobId}/sandbox" + part, "");
    }
    job("DELETE /api/jobs/{jobId}/sandbox", "");
    job("POST /api/jobs/sandbox/unassign", "{\"job_ids\": [%s]}");
    probes.put(
        "PATCH /api/jobs/{jobId}/sandbox/output",
        new Probe(
            Kind.JOB,
            target -> "/api/jobs/" + target.id() + "/sandbox/output",
            target -> "\"" + sandbox(target.whose()) + "\"",
            Seen::isFine));
    probes.put(
        "GET /api/jobs/sandbox",
        new Probe(
            Kind.JOB,
            target -> {
              String pfn = sandbox(target.whose());
              assignInput(target.id(), pfn);
              return "/api/jobs/sandbox?pfn=" + pfn.replace("|", "%7C");
            },
            target -> "",
            Seen::isFine));
  }

  private void pilots() {
    probes.put(
        "POST /api/pilots/",
        new Probe(
            Kind.VO,
            target -> "/api/pilots/",
            target ->
                "{\"pilot_stamp\": \"new-%d\", \"vo\": \"%s\"}"
                    .formatted(count.incrementAndGet(), target.whose().vo),
            Seen::isFine));
    put("PATCH /api/pilots/metadata", Kind.PILOT, "{\"%s\": {\"BenchMark\": 2.0}}", Seen::isFine);
    String only =
        "\"search\": [{\"parameter\": \"PilotStamp\", \"operator\": \"eq\", \"value\": \"%s\"}]";
    put("POST /api/pilots/search", Kind.PILOT, "{" + only + "}", Seen::names);
    put(
        "POST /api/pilots/summary",
        Kind.PILOT,
        "{\"grouping\": [\"VO\"], " + only + "}",
        seen -> seen.isFine() && seen.answer().body().contains("\"count\":1"));
  }

  private void onePilot() {
    put("GET /api/pilots/{stamp}", Kind.PILOT, "", Seen::names);
    put("GET /api/pilots/{stamp}/log", Kind.PILOT, "", Seen::isFine);
    put("GET /api/pilots/{stamp}/output", Kind.PILOT, "", Seen::isFine);
    put(
        "POST /api/pilots/{stamp}/work",
        Kind.PILOT,
        "{\"request_id\": \"r\", \"max_jobs\": 1, \"offer\": {\"site\": \"LCG.Nowhere.org\","
            + " \"ce\": \"none\", \"queue\": \"none\", \"cpu_time\": 1, \"cores\": 1,"
            + " \"whole_node\": false, \"memory_mb\": 1, \"disk_mb\": 1, \"gpus\": 0,"
            + " \"vos\": [\"nobody\"]}}",
        Seen::isFine);
    put(
        "POST /api/pilots/{stamp}/heartbeat",
        Kind.PILOT,
        "{\"running\": [], \"node\": {}}",
        Seen::isFine);
    probes.put(
        "POST /api/pilots/{stamp}/nodes/{number}",
        new Probe(
            Kind.PILOT,
            target -> "/api/pilots/" + target.id() + "/nodes/1",
            target -> "",
            // let in, and told that no allocation there has further nodes
            seen -> seen.answer().statusCode() == 422));
    probes.put(
        "POST /api/pilots/{stamp}/log",
        new Probe(
            Kind.PILOT,
            target -> "/api/pilots/" + target.id() + "/log?offset=0",
            target -> "said",
            Seen::isFine));
    put("POST /api/pilots/{stamp}/drain", Kind.PILOT, "", Seen::isFine);
    put("POST /api/pilots/{stamp}/kill", Kind.PILOT, "", Seen::isFine);
  }

  private void sessions() {
    put("GET /api/auth/refresh-tokens", Kind.SESSION, "", Seen::names);
    put("DELETE /api/auth/refresh-tokens/{jti}", Kind.SESSION, "", Seen::isFine);
  }

  private void machines() {
    for (String action : List.of("drain", "undrain", "remove")) {
      put("POST /api/machines/{id}/" + action, Kind.MACHINE, "{}", Seen::isFine);
    }
    put("GET /api/machines", Kind.MACHINE, "", AccessProbes::lists);
    put("GET /api/machines/secrets", Kind.MACHINE_SECRET, "", AccessProbes::lists);
    put("POST /api/machines/secrets/{id}/revoke", Kind.MACHINE_SECRET, "", Seen::isFine);
    probes.put(
        "POST /api/machines/approve",
        new Probe(
            Kind.ASKING_MACHINE,
            target -> "/api/machines/approve",
            target -> approval(target.id(), target.whose()),
            Seen::isFine));
    probes.put(
        "POST /api/machines/secrets",
        new Probe(
            Kind.VO,
            target -> "/api/machines/secrets",
            target -> machineSecret(target.whose()),
            Seen::isFine));
  }

  private static boolean lists(Seen seen) {
    return seen.isFine() && seen.answer().body().contains("{\"id\":" + seen.target().id() + ",");
  }

  private static String approval(String code, Whose whose) {
    return "{\"code\": \"%s\", \"site\": \"LCG.Nowhere.org\", \"vo\": \"%s\"}"
        .formatted(code, whose.vo);
  }

  private static String machineSecret(Whose whose) {
    return "{\"site\": \"LCG.Nowhere.org\", \"vo\": \"%s\"}".formatted(whose.vo);
  }

  private String askingMachine() {
    String body =
        "{\"secret\": \"%s-%s\", \"name\": \"probe\"}"
            .formatted("x".repeat(40), count.incrementAndGet());
    return text(server.send("POST", "/api/machines/join", null, body), "code");
  }

  private String text(HttpResponse<String> answer, String member) {
    fine(answer);
    return WireJson.mapper().readTree(answer.body()).path(member).asString();
  }

  private void job(String route, String body) {
    put(route, Kind.JOB, body, Seen::isFine);
  }

  private void put(String route, Kind kind, String body, Predicate<Seen> reached) {
    String path = route.substring(route.indexOf(' ') + 1);
    probes.put(
        route,
        new Probe(
            kind,
            target ->
                path.replace("{sandboxType}", "input")
                    .replace("{attempt}", "1")
                    .replaceAll("\\{\\w+}", target.id()),
            target -> body.replace("%s", target.id()),
            reached));
  }

  private static String now() {
    return Instant.now().minusSeconds(1).toString();
  }

  /** A fresh object for one question. */
  Target make(Kind kind, Whose whose) {
    return switch (kind) {
      case JOB -> {
        String id = submit(whose);
        yield new Target(whose, id, startAttempt(whose, Long.parseLong(id)));
      }
      case PILOT -> {
        String stamp = "probe-" + count.incrementAndGet();
        String admin = server.person(whose.vo, whose.owner, Set.of("ServiceAdministrator"));
        fine(
            server.send(
                "POST",
                "/api/pilots/",
                admin,
                "{\"pilot_stamp\": \"%s\", \"vo\": \"%s\"}".formatted(stamp, whose.vo)));
        yield new Target(whose, stamp, server.pilot(whose.vo, stamp));
      }
      case SESSION -> {
        UUID id = server.bean(Tokens.class).newId();
        TestSessions.add(
            server.database.jdbc(),
            id,
            whose.vo + ":s-" + whose.owner,
            "vo:" + whose.vo,
            Instant.now().plusSeconds(3600));
        yield new Target(whose, id.toString(), null);
      }
      case VO -> new Target(whose, whose.vo, null);
      case MACHINE ->
          new Target(
              whose,
              text(
                  server.send(
                      "POST",
                      "/api/machines/approve",
                      administrator(whose),
                      approval(askingMachine(), whose)),
                  "id"),
              null);
      case ASKING_MACHINE -> new Target(whose, askingMachine(), null);
      case MACHINE_SECRET ->
          new Target(
              whose,
              text(
                  server.send(
                      "POST", "/api/machines/secrets", administrator(whose), machineSecret(whose)),
                  "id"),
              null);
    };
  }

  private String administrator(Whose whose) {
    return server.person(whose.vo, whose.owner, Set.of("ServiceAdministrator"));
  }

  private String submit(Whose whose) {
    HttpResponse<String> answer =
        server.send("POST", "/api/jobs/jdl", owner(whose), "[\"Executable = \\\"/bin/true\\\";\"]");
    fine(answer);
    return WireJson.mapper().readTree(answer.body()).path(0).path("JobID").asString();
  }

  private String owner(Whose whose) {
    return server.person(whose.vo, whose.owner, Set.of("NormalUser"));
  }

  /** As if a pilot had taken the job. */
  private String startAttempt(Whose whose, long job) {
    server
        .database
        .jdbc()
        .sql(
            """
            WITH started AS (
              INSERT INTO jobs.attempt
                  (job_id, attempt, class_number, cores, memory_mb, started, pilot_stamp, request_id, site, ce)
              SELECT job_id, 1, class_number, 1, 1, now(), 'stamp-of-payload', 'r' || job_id, 'LCG.Nowhere.org', 'none'
              FROM jobs.job WHERE job_id = :id)
            INSERT INTO jobs.lease (job_id, attempt, lease_seconds, lease_until, pilot_stamp)
            VALUES (:id, 1, 3600, now() + interval '1 hour', 'stamp-of-payload')
            """)
        .param("id", job)
        .update();
    server
        .database
        .jdbc()
        .sql("UPDATE jobs.job SET status = 'Running', attempt = 1 WHERE job_id = :id")
        .param("id", job)
        .update();
    return server.payload(new AttemptId(new JobId(job), 1), whose.vo, whose.owner);
  }

  /** A stored sandbox of somebody; its bytes do not matter here. */
  String sandbox(Whose whose) {
    String info =
        "{\"checksum_algorithm\": \"sha256\", \"checksum\": \"%s\", \"size\": 3, \"format\": \"tar.zst\"}"
            .formatted("%064x".formatted(count.incrementAndGet()));
    HttpResponse<String> answer = server.send("POST", "/api/jobs/sandbox", owner(whose), info);
    fine(answer);
    server.database.jdbc().sql("UPDATE sandboxes.sandbox SET stored = true").update();
    return WireJson.mapper().readTree(answer.body()).path("pfn").asString();
  }

  private void assignInput(String job, String pfn) {
    server
        .database
        .jdbc()
        .sql(
            """
            INSERT INTO sandboxes.assignment (job_id, direction, sandbox_id)
            SELECT :job, 'Input', max(sandbox_id) FROM sandboxes.sandbox WHERE :pfn LIKE '%' || checksum || '%'
            """)
        .param("job", Long.valueOf(job))
        .param("pfn", pfn)
        .update();
  }

  private static void fine(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }
}
