package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;
import tools.jackson.databind.JsonNode;

class SpinorClientTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void submitSendsTheTextsAndReadsTheNumbers() {
    server.on(
        "POST /api/jobs/jdl",
        201,
        """
        [{"JobID":379,"Status":"Received","MinorStatus":"Job accepted",
          "TimeStamp":"2026-11-21T03:15:39.902881Z","Added":"by a newer server"}]""");
    var jobs = server.client().jobs().submit(List.of("Executable = \"/bin/date\";"));
    assertThat(jobs).hasSize(1);
    assertThat(jobs.getFirst().jobId()).isEqualTo(new JobId(379));
    assertThat(jobs.getFirst().status()).isEqualTo(JobStatus.Received);
    var request = server.requests().getFirst();
    assertThat(request.text()).isEqualTo("[\"Executable = \\\"/bin/date\\\";\"]");
    assertThat(request.authorization()).isEqualTo("Bearer token");
  }

  @Test
  void searchReadsTheTotalFromContentRange() {
    server.on(
        "POST /api/jobs/search", _ -> answer(206, "[{\"JobID\":1},{\"JobID\":3}]", "jobs 0-1/376"));
    Page page =
        server
            .client()
            .jobs()
            .search(
                Search.of(List.of(Condition.equal("Status", "Done")))
                    .columns("JobID")
                    .sortedBy("JobID", true),
                1,
                2);
    assertThat(page.total()).isEqualTo(376);
    assertThat(page.rows()).extracting(row -> row.path("JobID").asLong()).containsExactly(1L, 3L);
    var request = server.requests().getFirst();
    assertThat(request.query()).isEqualTo("page=1&per_page=2");
    assertThat(Json.tree(request.text()))
        .isEqualTo(
            Json.tree(
                """
                {"parameters":["JobID"],
                 "search":[{"parameter":"Status","operator":"eq","value":"Done"}],
                 "sort":[{"parameter":"JobID","direction":"desc"}]}"""));
  }

  @Test
  void pagePastTheEndIsEmptyAndStillKnowsTheTotal() {
    server.on("POST /api/jobs/search", _ -> answer(416, "[]", "jobs */7"));
    Page page = server.client().jobs().search(Search.of(List.of()), 9, 100);
    assertThat(page.rows()).isEmpty();
    assertThat(page.total()).isEqualTo(7);
  }

  @Test
  void eachWalksAllPages() {
    server.on(
        "POST /api/jobs/search",
        request ->
            request.query() != null && request.query().startsWith("page=1&")
                ? answer(206, "[{\"JobID\":1}]", "jobs 0-9999/10001")
                : answer(206, "[{\"JobID\":2}]", "jobs 10000-10000/10001"));
    List<JsonNode> rows = new ArrayList<>();
    server.client().jobs().each(Search.of(List.of()), rows::add);
    assertThat(rows).hasSize(2);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void refusalKeepsCodeTextAndProblems() {
    server.on(
        "POST /api/jobs/jdl",
        400,
        """
        {"detail":"the description has 2 problems","code":"JDL_INVALID",
         "problems":["CPUTime: at most 500000","JobType: Foo is not known"]}""");
    assertThatThrownBy(() -> server.client().jobs().submit(List.of("x")))
        .isInstanceOfSatisfying(
            SpinorException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.JDL_INVALID);
              assertThat(e).hasMessage("the description has 2 problems");
              assertThat(e.problems()).hasSize(2);
            });
  }

  @Test
  void thePageOfAProxyIsNoAnswer() {
    try (FakeServer server = new FakeServer()) {
      server.on(
          "GET /api/sites",
          _ ->
              new FakeServer.Answer(
                  200, "<html>Maintenance</html>", Map.of("Content-Type", "text/html")));
      assertThatThrownBy(() -> server.client().sites().list())
          .isInstanceOf(ServerUnreachableException.class)
          .hasMessageContaining("it sends a page");
    }
  }

  @Test
  void noServerIsSaidAsSuch() {
    SpinorClient nobody = SpinorClient.at(URI.create("http://localhost:1"), () -> null);
    assertThatThrownBy(() -> nobody.sites().list()).isInstanceOf(ServerUnreachableException.class);
  }

  @Test
  void killGoesByIdsOrByQuery() {
    server.on("POST /api/jobs/kill", 200, "{\"changed\":2,\"unchanged\":1}");
    Jobs jobs = server.client().jobs();
    assertThat(jobs.kill(new JobSet.Ids(List.of(new JobId(7), new JobId(9)))))
        .isEqualTo(new Jobs.Changed(2, 1));
    jobs.kill(new JobSet.Matching(List.of(Condition.equal("Owner", "anna"))));
    assertThat(server.requests())
        .extracting(FakeServer.Request::text)
        .containsExactly(
            "{\"job_ids\":[7,9]}",
            "{\"search\":[{\"parameter\":\"Owner\",\"operator\":\"eq\",\"value\":\"anna\"}]}");
  }

  @Test
  void rescheduleSaysWhatBecameOfEachJob() {
    server.on(
        "POST /api/jobs/reschedule",
        200,
        """
        {"success":{"1":{"Status":"Received"}},
         "failed":{"2":{"detail":"Maximum number of reschedules exceeded (3)"}}}""");
    var outcome = server.client().jobs().reschedule(new JobSet.Ids(List.of(new JobId(1))), true);
    assertThat(outcome.success()).containsOnlyKeys("1");
    assertThat(outcome.problems())
        .containsExactly("job 2: Maximum number of reschedules exceeded (3)");
    assertThat(server.requests().getFirst().query()).isEqualTo("reset_jobs=true");
  }

  @Test
  void passwordLoginSendsAFormWithoutAuthorization() {
    server.on(
        "POST /api/auth/token",
        200,
        "{\"access_token\":\"a\",\"expires_in\":1200,\"token_type\":\"Bearer\",\"refresh_token\":\"r\"}");
    var token = server.client().login().password("anna", "p&w=1", "vo:spinor group:user");
    assertThat(token.accessToken()).isEqualTo("a");
    var request = server.requests().getFirst();
    assertThat(request.authorization()).isNull();
    assertThat(request.text())
        .contains("grant_type=password", "password=p%26w%3D1", "client_id=myDIRACClientID");
  }

  @Test
  void configurationCheckSendsTheTextAsItIs() {
    server.on(
        "POST /api/config/check", 200, "{\"valid\":false,\"problems\":[\"Registry: is missing\"]}");
    var check = server.client().configuration().check("a: b\n");
    assertThat(check.valid()).isFalse();
    assertThat(check.problems()).containsExactly("Registry: is missing");
    assertThat(server.requests().getFirst().text()).isEqualTo("a: b\n");
  }

  private static FakeServer.Answer answer(int status, String body, String range) {
    return new FakeServer.Answer(status, FakeServer.latin(body), Map.of("Content-Range", range));
  }
}
