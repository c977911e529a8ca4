package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/**
 * Submission and queries over HTTP, in the formats of the DiracX contract. No pilot runs: the site
 * takes none.
 */
class SubmissionIT {
  private static final String ECHO =
      "Executable = \"/bin/echo\"; Arguments = \"%j\"; JobName = \"demo\";";
  private static ServerProcess server;
  private static Api user;

  @BeforeAll
  static void start() {
    server = ServerProcess.withConfiguration(Configurations.WITHOUT_PILOTS);
    user = server.as("user", "alice");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void plainJobIsAnsweredAsDiracXDoes() {
    HttpResponse<String> answer = user.call("POST", "/api/jobs/jdl", List.of(ECHO));
    assertThat(answer.statusCode()).isEqualTo(201);
    JsonNode job = Json.tree(answer.body()).get(0);
    assertThat(job.path("Status").asString()).isEqualTo("Received");
    assertThat(job.path("MinorStatus").asString()).isEqualTo("Job accepted");
    assertThat(job.path("TimeStamp").asString()).endsWith("Z");
    JsonNode row = user.job(job.path("JobID").asLong());
    assertThat(row.propertyNames())
        .containsExactly(
            "JobID",
            "JobType",
            "JobGroup",
            "Site",
            "JobName",
            "Owner",
            "OwnerGroup",
            "VO",
            "SubmissionTime",
            "RescheduleTime",
            "LastUpdateTime",
            "StartExecTime",
            "HeartBeatTime",
            "EndExecTime",
            "Status",
            "MinorStatus",
            "ApplicationStatus",
            "UserPriority",
            "RescheduleCounter",
            "VerifiedFlag",
            "AccountedFlag");
    assertThat(row.path("Owner").asString()).isEqualTo("alice");
    assertThat(row.path("Site").asString()).isEqualTo("ANY");
  }

  @Test
  void parametricJobIsExpandedAndGoesOnByItself() {
    List<Long> ids =
        user.submit(
            "Executable = \"/bin/echo\"; Arguments = \"%s of %n job %j\"; Parameters = 3; ParameterStart = 10; ParameterStep = 5;");
    assertThat(ids).hasSize(3);
    assertThat(user.statuses(ids)).isEqualTo(Map.of("Waiting", 3));
    String jdl = user.ok("GET", "/api/jobs/" + ids.get(2) + "/jdl", null).path("JDL").asString();
    assertThat(jdl).contains("20 of 2 job " + ids.get(2)).doesNotContain("ParameterStep");
  }

  @Test
  void tenErrorsAreReportedAsTen() {
    String jdl =
        """
        Executable = { "one", "two" };
        CPUTime = "long";
        Priority = 99;
        JobType = "Nonsense";
        Site = "Not.A.site";
        NumberOfProcessors = 99999;
        Owner = "somebody else";
        InputSandbox = { "SB:SandboxSE|/S3/nothing" };
        InputData = { "no-lfn" };
        Platform = "no-such-platform";
        """;
    HttpResponse<String> answer = user.call("POST", "/api/jobs/jdl", List.of(jdl));
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonNode problems = Json.tree(answer.body()).path("problems");
    assertThat(problems.size()).as(answer.body()).isGreaterThanOrEqualTo(10);
    String all = problems.toString();
    assertThat(all)
        .contains(
            "Executable", "CPUTime", "Priority", "JobType", "Site", "NumberOfProcessors", "Owner")
        .contains("InputSandbox", "InputData", "Platform");
  }

  @Test
  void syntaxErrorShowsLineAndCaret() {
    HttpResponse<String> answer =
        user.call(
            "POST", "/api/jobs/jdl", List.of("Executable = \"/bin/echo\";\nArguments = {1, 2;\n"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.tree(answer.body()).path("detail").asString()).startsWith("JDL syntax error");
    assertThat(answer.body()).contains("line 2").contains("^");
  }

  @Test
  void nothingIsInsertedWhenOneOfManyIsWrong() {
    long before = count();
    HttpResponse<String> answer =
        user.call(
            "POST",
            "/api/jobs/jdl",
            List.of(ECHO, "Executable = \"/bin/true\"; JobType = \"Nonsense\";"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(count()).isEqualTo(before);
  }

  private static long count() {
    long sum = 0;
    for (JsonNode row :
        user.ok("POST", "/api/jobs/summary", Map.of("grouping", List.of("Owner")))) {
      sum += row.path("Owner").asString().equals("alice") ? row.path("count").asLong() : 0;
    }
    return sum;
  }

  @Test
  void aHundredThousandJobsInOneCall() {
    Api bulk = new Api(server.url(), server.token("user", "bulk"), Duration.ofMinutes(10));
    HttpResponse<String> answer =
        bulk.call(
            "POST",
            "/api/jobs/jdl",
            List.of(
                "Executable = \"/bin/true\"; JobName = \"n%n\"; JobGroup = \"hundred\"; Parameters = 100000;"));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(Json.tree(answer.body()).size()).isEqualTo(100_000);
    JsonNode summary =
        bulk.ok(
            "POST",
            "/api/jobs/summary",
            Map.of(
                "grouping",
                List.of("Status"),
                "search",
                List.of(Map.of("parameter", "JobGroup", "operator", "eq", "value", "hundred"))));
    assertThat(summary.get(0).path("count").asLong()).isEqualTo(100_000);
    HttpResponse<String> tooMany =
        bulk.call(
            "POST", "/api/jobs/jdl", List.of("Executable = \"/bin/true\"; Parameters = 100001;"));
    assertThat(tooMany.statusCode()).isEqualTo(400);
    assertThat(tooMany.body()).contains("100000");
    JsonNode killed =
        bulk.ok(
            "POST",
            "/api/jobs/kill",
            Map.of(
                "search",
                List.of(Map.of("parameter", "JobGroup", "operator", "eq", "value", "hundred"))));
    assertThat(killed.path("changed").asLong()).isEqualTo(100_000);
  }

  @Test
  void pagingSaysWhereItIs() {
    user.submit(
        IntStream.range(0, 12)
            .mapToObj(i -> ECHO + "JobGroup = \"paging\";")
            .toArray(String[]::new));
    Map<String, Object> search =
        Map.of(
            "parameters",
            List.of("JobID"),
            "search",
            List.of(Map.of("parameter", "JobGroup", "operator", "eq", "value", "paging")),
            "sort",
            List.of(Map.of("parameter", "JobID", "direction", "asc")));
    HttpResponse<String> part = user.call("POST", "/api/jobs/search?page=2&per_page=5", search);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).contains("jobs 5-9/12");
    HttpResponse<String> beyond = user.call("POST", "/api/jobs/search?page=9&per_page=5", search);
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("jobs */12");
    HttpResponse<String> all = user.call("POST", "/api/jobs/search?per_page=100", search);
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.headers().firstValue("Content-Range")).isEmpty();
  }

  @Test
  void lateAndRepeatedReportsDoNoHarm() {
    long id = user.submit(ECHO).getFirst();
    Api admin = server.as("admin", "root");
    String now = Instant.now().plusSeconds(5).toString();
    Object running =
        Map.of(Long.toString(id), Map.of(now, Map.of("Status", "Matched", "Source", "test")));
    admin.ok("PATCH", "/api/jobs/status", running);
    admin.ok("PATCH", "/api/jobs/status", running);
    Object late =
        Map.of(
            Long.toString(id),
            Map.of(
                "2026-01-01 00:00:00.000000Z",
                Map.of("Status", "Done", "MinorStatus", "late", "Source", "test")));
    admin.ok("PATCH", "/api/jobs/status", late);
    assertThat(user.statusOf(id)).isEqualTo("Matched");
    assertThat(user.logging(id).toString()).contains("late");
  }

  @Test
  void nobodyTouchesAnothersJob() {
    long id = user.submit(ECHO).getFirst();
    Api other = server.as("user", "mallory");
    String path = "/api/jobs/" + id;
    assertThat(other.status("GET", path + "/jdl", null)).isEqualTo(403);
    assertThat(other.status("POST", "/api/jobs/kill", Map.of("job_ids", List.of(id))))
        .isEqualTo(403);
    assertThat(other.status("POST", "/api/jobs/reschedule", Map.of("job_ids", List.of(id))))
        .isEqualTo(403);
    Object killed =
        Map.of(Long.toString(id), Map.of("2026-11-21T12:00:00Z", Map.of("Status", "Killed")));
    assertThat(other.status("PATCH", "/api/jobs/status", killed)).isEqualTo(403);
    assertThat(Api.anonymous(server.url()).status("GET", path + "/jdl", null)).isEqualTo(401);
    assertThat(user.statusOf(id)).isEqualTo("Waiting");
  }

  @Test
  void waitingJobIsExplained() {
    long id = user.submit("Executable = \"/bin/true\"; NumberOfProcessors = 512;").getFirst();
    JsonNode why = user.ok("GET", "/api/jobs/" + id + "/explain", null);
    assertThat(why.path("verdict").asString()).isEqualTo("no_resource");
    assertThat(why.path("summary").asString()).contains("512");
  }
}
