package org.spinor.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.TestDatabase;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What goes over the wire, seen from outside of a running server. */
class AnswersTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext context = start();

  @ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class
  })
  @EnableConfigurationProperties(WebProperties.class)
  @Import({
    WebConfiguration.class,
    ProblemAdvice.class,
    SlashRedirects.class,
    RequestTrace.class,
    RequestLimits.class,
    SecurityHeaders.class,
    HealthController.class,
    Examples.class
  })
  static class Slice {
    @Bean
    DataSource dataSource() {
      return DATABASE.dataSource();
    }
  }

  /** All kinds of routes; no part of a server that another test starts. */
  @RestController
  @ConditionalOnProperty("spinor.test.answers")
  static class Examples {
    enum Colour {
      RED,
      GREEN
    }

    record Body(
        String name,
        @Nullable String remark,
        @Nullable Colour colour,
        List<String> tags,
        Map<String, Integer> sizes,
        Optional<Instant> time,
        int count) {}

    @JsonIgnoreProperties(ignoreUnknown = false)
    record Strict(@JsonProperty("job_id") long jobId) {}

    @PostMapping("/api/body")
    Body body(@RequestBody Body body) {
      return body;
    }

    @PostMapping("/api/strict")
    Strict strict(@RequestBody Strict body) {
      return body;
    }

    @PostMapping("/api/times")
    Map<String, Instant> times(@RequestBody Map<Instant, String> times) {
      return Map.of("time", times.keySet().iterator().next());
    }

    @GetMapping("/api/number/{id}")
    Map<String, Object> number(@PathVariable long id, @RequestParam int page) {
      return Map.of("id", id, "page", page);
    }

    @GetMapping("/api/slash/")
    String slash() {
      return "slash";
    }

    @GetMapping("/api/fail/{how}")
    String fail(@PathVariable String how) {
      throw switch (how) {
        case "refused" ->
            new SpinorException(ErrorCode.JDL_INVALID, "two problems", List.of("one", "two"));
        case "stale" -> new SpinorException(ErrorCode.STALE_ATTEMPT, "attempt 1 has ended");
        case "busy" -> new SpinorException(ErrorCode.UNAVAILABLE, "not yet");
        case "internal" -> new SpinorException(ErrorCode.INTERNAL, "the password is 123");
        case "database" -> new DataAccessResourceFailureException("connection refused");
        default -> new NullPointerException("secret detail");
      };
    }
  }

  private static ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(Slice.class)
        .properties(
            "server.port=0",
            "spinor.max-request-size=1MB",
            "spinor.test.answers=true",
            "spring.config.location=optional:none/")
        .run();
  }

  @BeforeAll
  static void serves() {
    assertThat(context.isRunning()).isTrue();
  }

  @AfterAll
  static void close() {
    context.close();
    DATABASE.close();
  }

  private static URI at(String path) {
    return URI.create(
        "http://localhost:"
            + context.getEnvironment().getRequiredProperty("local.server.port")
            + path);
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return WireJson.mapper().readTree(answer.body());
  }

  @Test
  void refusalsCarryCodeDetailAndProblems() throws Exception {
    HttpResponse<String> answer = get("/api/fail/refused");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"two problems\",\"message\":\"two problems\",\"code\":\"JDL_INVALID\",\"problems\":[\"one\",\"two\"]}");
    assertThat(get("/api/fail/stale").statusCode()).isEqualTo(409);
  }

  @Test
  void whatTheServerDidWrongStaysInside() throws Exception {
    for (String how : List.of("null", "internal")) {
      HttpResponse<String> answer =
          get("/api/fail/" + how, "traceparent", "00-" + "a".repeat(32) + "-00f067aa0ba902b7-01");
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body())
          .doesNotContain("secret")
          .doesNotContain("123")
          .doesNotContain("Exception");
      assertThat(json(answer).path("code").asString()).isEqualTo("INTERNAL");
      assertThat(json(answer).path("trace_id").asString()).isEqualTo("a".repeat(32));
    }
  }

  @Test
  void aDatabaseThatIsAwayMeansLater() throws Exception {
    for (String how : List.of("busy", "database")) {
      HttpResponse<String> answer = get("/api/fail/" + how);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
      assertThat(answer.body()).doesNotContain("refused");
    }
  }

  @Test
  void unknownPathsAndWrongMethods() throws Exception {
    assertThat(json(get("/api/none")).path("detail").asString()).isEqualTo("Not Found");
    HttpResponse<String> wrong = post("/api/slash/", "{}");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).hasValue("GET");
    assertThat(json(wrong).path("detail").asString()).isEqualTo("Method Not Allowed");
  }

  @Test
  void aSlashTooManyOrTooFewIsRedirected() throws Exception {
    HttpResponse<String> missing = get("/api/slash?a=b");
    assertThat(missing.statusCode()).isEqualTo(307);
    assertThat(missing.headers().firstValue("Location")).hasValue("/api/slash/?a=b");
    assertThat(post("/api/body/", "{}").statusCode()).isEqualTo(307);
    assertThat(get("//example.org/").statusCode()).isNotEqualTo(307);
  }

  @Test
  void misfitsSayWhereAndWhat() throws Exception {
    assertMisfit(post("/api/body", "{\"count\": 1}"), "missing", "body,name");
    assertMisfit(post("/api/body", "{\"name\": null, \"count\": 1}"), "missing", "body,name");
    assertMisfit(post("/api/body", ""), "missing", "body");
    assertMisfit(post("/api/body", "{\"name\": "), "json_invalid", "body,9");
    assertMisfit(
        post("/api/body", "{\"name\":\"a\",\"count\":\"many\"}"), "type_error", "body,count");
    assertMisfit(
        post("/api/body", "{\"name\":\"a\",\"count\":1,\"colour\":\"BLUE\"}"),
        "type_error",
        "body,colour");
    assertMisfit(
        post("/api/body", "{\"name\":\"a\",\"count\":1,\"tags\":{}}"), "type_error", "body,tags");
    assertMisfit(get("/api/number/x?page=1"), "type_error", "path,id");
    assertMisfit(get("/api/number/1?page=x"), "type_error", "query,page");
    assertMisfit(get("/api/number/1"), "missing", "query,page");
    assertThat(get("/api/number/1?page=2").body()).contains("\"page\":2");
  }

  private static void assertMisfit(HttpResponse<String> answer, String type, String location) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    JsonNode first = json(answer).path("detail").path(0);
    assertThat(first.path("type").asString()).as(answer.body()).isEqualTo(type);
    StringBuilder place = new StringBuilder();
    first
        .path("loc")
        .forEach(step -> place.append(place.isEmpty() ? "" : ",").append(step.asString()));
    assertThat(place.toString()).as(answer.body()).isEqualTo(location);
    assertThat(first.path("msg").asString()).doesNotContain("org.spinor").doesNotContain("java.");
  }

  @Test
  void absentListsAreEmptyAndUnknownKeysIgnoredUnlessStrict() throws Exception {
    assertThat(post("/api/body", "{\"name\":\"a\",\"count\":1,\"future\":true}").body())
        .isEqualTo(
            "{\"name\":\"a\",\"remark\":null,\"colour\":null,\"tags\":[],\"sizes\":{},\"time\":null,\"count\":1}");
    assertMisfit(
        post("/api/strict", "{\"job_id\":1,\"job_di\":2}"), "extra_forbidden", "body,job_di");
    assertThat(post("/api/strict", "{\"job_id\":1}").statusCode()).isEqualTo(200);
  }

  @Test
  void timesAreReadInAllFormsAndWrittenInOne() throws Exception {
    for (String form :
        List.of(
            "2026-11-21T02:40:49.574111Z",
            "2026-11-21 02:40:49.574111+00:00",
            "2026-11-21T03:40:49.574111+01:00",
            "2026-11-21 02:40:49.574111")) {
      assertThat(post("/api/times", "{\"" + form + "\": \"x\"}").body())
          .isEqualTo("{\"time\":\"2026-11-21T02:40:49.574111Z\"}");
    }
    assertThat(post("/api/times", "{\"2026-11-21T02:40:49.000Z\": \"x\"}").body())
        .isEqualTo("{\"time\":\"2026-11-21T02:40:49Z\"}");
    assertThat(post("/api/times", "{\"yesterday\": \"x\"}").statusCode()).isEqualTo(422);
  }

  @Test
  void largeBodiesAreRefusedWithAndWithoutALength() throws Exception {
    String large = "{\"name\":\"" + "x".repeat(1_100_000) + "\",\"count\":1}";
    assertThat(post("/api/body", large).statusCode()).isEqualTo(413);
    HttpResponse<String> chunked =
        HTTP.send(
            HttpRequest.newBuilder(at("/api/body"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(json(chunked).path("code").asString()).isEqualTo("TOO_LARGE");
  }

  @Test
  void oldAndStrangeClientsAreToldSo() throws Exception {
    assertThat(get("/api/slash/", "DiracX-Client-Version", "0.0.1").statusCode()).isEqualTo(200);
    assertThat(get("/api/slash/", "DiracX-Client-Version", "0.1.0.dev5+g123").statusCode())
        .isEqualTo(200);
    assertThat(get("/api/slash/", "DiracX-Client-Version", "Unknown").statusCode()).isEqualTo(200);
    assertThat(json(get("/api/slash/", "DiracX-Client-Version", "abc")).path("detail").asString())
        .isEqualTo("Invalid version string: 'abc'");
    assertThat(get("/api/slash/", "DiracX-Client-Version", "0.0.0").statusCode()).isEqualTo(400);
  }

  @Test
  void whatTomcatRefusesIsJsonToo() throws Exception {
    try (Socket socket = new Socket("localhost", at("/").getPort())) {
      socket
          .getOutputStream()
          .write("GET /%zz HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).contains(" 400 ").contains("application/problem+json");
      assertThat(answer).contains("\"detail\":\"Bad Request\"").doesNotContain("Tomcat");
    }
  }

  @Test
  void pagesOfOtherOriginsNeedLeave() throws Exception {
    assertThat(
            get("/api/slash/", "Origin", "http://localhost:3000")
                .headers()
                .firstValue("Access-Control-Allow-Origin"))
        .hasValue("http://localhost:3000");
    HttpResponse<String> foreign = get("/api/slash/", "Origin", "http://evil.example");
    assertThat(foreign.headers().map()).doesNotContainKey("access-control-allow-origin");
    assertThat(get("/api/slash/").headers().firstValue("X-Content-Type-Options"))
        .hasValue("nosniff");
  }

  @Test
  void healthAnswersInThreeForms() throws Exception {
    assertThat(get("/api/health/live").body()).isEqualTo("{\"status\":\"live\"}");
    assertThat(whenTheDatabaseAnswers("/api/health/ready")).isEqualTo("{\"status\":\"ready\"}");
    assertThat(whenTheDatabaseAnswers("/api/health/startup"))
        .isEqualTo("{\"status\":\"startup complete\"}");
  }

  /** It may be held still for longer than a check of health waits. */
  private static String whenTheDatabaseAnswers(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    for (int i = 0; answer.statusCode() == 503 && i < 600; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      answer = get(path);
    }
    return answer.body();
  }
}
