package org.spinor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.FakeServer;
import org.spinor.cli.FakeServer.Answer;
import org.spinor.cli.FakeServer.Request;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.client.Json;
import org.spinor.client.SandboxArchive;
import org.spinor.client.SpinorClient;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;

/** The demo's look at its jobs, against a server where everything, or not everything, goes well. */
class DemoRunTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final int SHOWERS = 3;

  private final FakeServer server = new FakeServer();
  private final List<String> names = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger asked = new AtomicInteger();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  @TempDir private Path folder;

  @BeforeEach
  void play() {
    server
        .on("POST /api/jobs/sandbox", 200, "{\"pfn\":\"SB:in\",\"url\":null,\"fields\":{}}")
        .on("POST /api/jobs/jdl", this::submit)
        .on("POST /api/jobs/summary", _ -> summary("Failed"))
        .on("GET /api/jobs/sandbox", this::download)
        .otherwise(this::other);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer submit(Request request) {
    List<String> rows = new ArrayList<>();
    for (String text : Json.read(request.text(), String[].class)) {
      Ad ad = Jdl.parse(text);
      assertThat(ad.string("JobGroup")).contains("demo-test");
      for (long i = ad.integer("Parameters").orElse(1); i > 0; i--) {
        names.add(ad.string("JobName").orElse(""));
        rows.add(
            "{\"JobID\":%d,\"Status\":\"Received\",\"MinorStatus\":\"x\",\"TimeStamp\":\"2026-11-21T00:00:00Z\"}"
                .formatted(names.size()));
      }
    }
    return new Answer(201, rows.toString(), Map.of());
  }

  /** First everything waits, then everything has ended. */
  private Answer summary(String failing) {
    boolean ended = asked.getAndIncrement() > 0;
    List<String> rows = new ArrayList<>();
    for (String name : names.stream().distinct().toList()) {
      String end =
          name.equals("impossible") ? "Waiting" : name.equals("failing") ? failing : "Done";
      rows.add(
          "{\"JobName\":\"%s\",\"Status\":\"%s\",\"count\":%d}"
              .formatted(name, ended ? end : "Waiting", Collections.frequency(names, name)));
    }
    return new Answer(200, rows.toString(), Map.of());
  }

  private Answer download(Request request) {
    String id = String.valueOf(request.query()).replaceAll("\\D", "");
    return new Answer(200, "{\"url\":\"/store/" + id + "\",\"expires_in\":300}", Map.of());
  }

  private Answer other(Request request) {
    String[] parts = request.path().split("/");
    if (parts[1].equals("store")) {
      return new Answer(200, archive(Integer.parseInt(parts[2])), Map.of());
    }
    String id = parts[3];
    return switch (parts[4]) {
      case "sandbox" ->
          new Answer(200, "{\"Input\":[null],\"Output\":[\"o" + id + "\"]}", Map.of());
      case "logging" ->
          new Answer(
              200,
              """
              [{"Status":"Failed","MinorStatus":"Application Finished With Errors",
                "ApplicationStatus":"exit code 42","StatusTime":"x","Source":"JobWrapper"}]""",
              Map.of());
      case "explain" ->
          new Answer(
              200,
              """
              {"job_id":4,"status":"Waiting","verdict":"no_resource","summary":"No queue offers that.",
               "requirements":[],"could_run":[],"jobs_ahead":0,"share":"",
               "clauses":[{"name":"cores","text":"asks for 512, has 2","queues_refused":1,
                 "queues_total":1,"pilots_refused":0,"pilots_total":0}]}""",
              Map.of());
      default -> new Answer(404, "{\"detail\":\"Not Found\"}", Map.of());
    };
  }

  /** What each job wrote. */
  private String archive(int id) {
    try {
      Path files = Files.createDirectories(folder.resolve("wrote-" + id));
      Map<String, String> contents =
          switch (names.get(id - 1)) {
            case "hello" -> Map.of("std.out", "Hello from job 1\n");
            case "runstuff" -> Map.of("std.out", "factorised\n", "factors.txt", "6 = 2 3\n");
            case "failing" -> Map.of("std.err", "calibration.db: no such file\n");
            default -> Map.of("shower.txt", "shower 1 100.0 10.0 240.0 5\n20 1\n40 5\n60 2\n");
          };
      for (Map.Entry<String, String> file : contents.entrySet()) {
        Files.writeString(files.resolve(file.getKey()), file.getValue());
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (Stream<Path> all = Files.list(files)) {
        SandboxArchive.pack(all.toList(), bytes);
      }
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DemoReport run() throws Exception {
    PrintStream stream = new PrintStream(told, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, Map.of());
    Clock clock = Clock.systemUTC();
    Context context = new Context(terminal, Map.of(), clock, ZoneOffset.UTC, folder);
    SpinorClient client = SpinorClient.at(server.address(), () -> "token");
    DemoRun run =
        new DemoRun(
            context,
            client,
            new Narrator(terminal, false),
            new Workload(context, client, "demo-test"),
            folder.resolve("data"),
            clock.instant());
    return run.run(EXAMPLES, SHOWERS, server.address(), () -> true);
  }

  @Test
  void everythingAsItShouldIsOk() throws Exception {
    DemoReport report = run();
    assertThat(report.problems()).isEmpty();
    assertThat(report.ok()).isTrue();
    assertThat(report.jobs()).isEqualTo(4 + SHOWERS);
    assertThat(report.done()).isEqualTo(2 + SHOWERS);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.explained()).isEqualTo(2);
    assertThat(report.secondsToFirstOutput()).isPositive();
    assertThat(report.xmax()).isEqualTo(240.0);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains(
            "Hello from job 1",
            "factorised",
            "its std.err ends: calibration.db: no such file",
            "No queue offers that.",
            "asks for 512, has 2",
            "mean of 3 showers");
  }

  @Test
  void reportIsOneObjectWithTheNamesThatScriptsRead() throws Exception {
    assertThat(Json.tree(Json.write(run())).propertyNames())
        .contains(
            "ok",
            "jobs",
            "done",
            "failed",
            "explained",
            "seconds_to_first_output",
            "seconds_total");
  }

  @Test
  void whatGoesWrongIsSaidAndNotOk() throws Exception {
    server
        .on("POST /api/jobs/summary", _ -> summary("Done"))
        .on("GET /api/jobs/4/explain", 500, "{\"detail\":\"x\"}")
        .on(
            "GET /api/jobs/4/explain",
            200,
            """
            {"job_id":4,"status":"Waiting","verdict":"runs_soon","summary":"Soon.","requirements":[],
             "could_run":[],"jobs_ahead":0,"share":"","clauses":[]}""");
    DemoReport report = run();
    assertThat(report.ok()).isFalse();
    assertThat(report.failed()).isZero();
    assertThat(report.explained()).isZero();
    assertThat(report.problems())
        .anyMatch(problem -> problem.contains("was to fail and did not"))
        .anyMatch(problem -> problem.contains("runs_soon"));
  }

  @Test
  void missingResultIsNotOk() throws Exception {
    server.on("GET /store/" + (4 + SHOWERS), 200, "");
    server.on("GET /api/jobs/" + (4 + SHOWERS) + "/sandbox", 200, "{\"Input\":[],\"Output\":[]}");
    assertThat(run().problems()).contains("of 3 showers only 2 brought a result");
  }
}
