package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.it.Api;
import org.spinor.it.PluginJar;
import org.spinor.it.ServerProcess;
import org.spinor.it.tokens.HandPlugin;

/**
 * Requests made up by schemathesis from our own OpenAPI document, good ones and bad ones, as
 * callers of every kind: no answer is a failure of the server, every answer stands in the document.
 */
@ExtendWith(PythonEnvironment.Given.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FuzzingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Pattern ROUTE = Pattern.compile("_{3,} ([A-Z]+ /\\S*) _{3,}");
  private static final Pattern FINDING = Pattern.compile("- ([A-Z]{2}\\d+ .*)");
  private static final Pattern GENERATED = Pattern.compile("(\\d+) generated");

  /** Where nobody but this test plays the pilots. */
  private static final String HAND =
      """
          LCG.Hand.org:
            CEs:
              ce.hand.org:
                CEType: Hand
                Queues:
                  default: {CPUTime: 500000, NumberOfProcessors: 2, MaxRAM: 4000, MaxTotalPilots: 4, IdlePilots: 2}
      """;

  /** A server of its own: callers that may do everything do. */
  private static ServerProcess server;

  private static HandPilot pilot;

  /** The document, in a file: schemathesis waits ten seconds for it, not more. */
  private static Path document;

  @BeforeAll
  static void start() throws IOException {
    server = SharedServer.fresh(HAND);
    PluginJar.install(HandPlugin.class, server);
    pilot = HandPilot.withAJob(server);
    HttpResponse<String> answer =
        Api.anonymous(server.url()).call("GET", "/api/openapi.json", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    document = Files.writeString(server.data().resolve("openapi.json"), answer.body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /**
   * @param examples made up for each route besides the systematic ones
   */
  @ParameterizedTest
  @CsvSource({"user carla, 8", "admin anna, 8", "pilot pia, 2", "nobody, 2"})
  void nothingFailsAndEveryAnswerIsDocumented(String who, int examples, PythonEnvironment python) {
    Optional<String> token =
        who.equals("nobody")
            ? Optional.empty()
            : Optional.of(server.token(who.split(" ")[0], who.split(" ")[1]));
    assertNothingFails(schemathesis(python, token, examples, Map.of()));
  }

  /** First, before others end its pilot and its job. */
  @Order(1)
  @Test
  void nothingFailsForAPilotAndAPayload(PythonEnvironment python) {
    Map<String, String> own =
        Map.of("stamp", pilot.stamp(), "job_id", Long.toString(pilot.job().jobId().value()));
    assertNothingFails(schemathesis(python, Optional.of(pilot.job().token()), 2, own));
    assertNothingFails(schemathesis(python, Optional.of(pilot.token()), 2, own));
  }

  private static void assertNothingFails(String said) {
    assertThat(findings(said)).as(said).isEmpty();
    assertThat(generated(said)).as(said).isGreaterThan(500);
  }

  @Test
  void findingsAreRead() {
    String said =
        """
        _______________ GET /api/tasks _______________
        - ST101 Server error
        """;
    assertThat(findings(said)).containsExactly("GET /api/tasks | ST101 Server error");
  }

  /**
   * @param own what the caller's own things are called: such parameters have this value
   */
  private static String schemathesis(
      PythonEnvironment python, Optional<String> token, int examples, Map<String, String> own) {
    List<String> command =
        new ArrayList<>(
            List.of(
                python.program("schemathesis").toString(),
                "--config-file",
                settings(own).toString(),
                "run",
                document.toString(),
                "--url",
                server.url().toString(),
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                "--phases",
                "coverage,fuzzing",
                "--max-examples",
                Integer.toString(examples),
                "--workers",
                "2",
                "--seed",
                "1",
                "--continue-on-failure",
                "--no-shrink",
                "--no-color",
                "--request-timeout",
                "60"));
    token.ifPresent(
        bearer -> command.addAll(List.of("--header", "Authorization: Bearer " + bearer)));
    return Command.of(PATIENCE, Map.of("HOME", server.data().toString()), command).output();
  }

  private static Path settings(Map<String, String> own) {
    String toml =
        own.entrySet().stream()
            .map(entry -> "%s = \"%s\"\n".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining("", "[parameters]\n", ""));
    try {
      return Files.writeString(server.data().resolve("schemathesis.toml"), toml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> findings(String said) {
    Set<String> accepted = new TreeSet<>(ContractTable.lines("fuzzing-accepted.txt"));
    Set<String> found = new TreeSet<>();
    String route = "";
    for (String line : said.lines().toList()) {
      Matcher head = ROUTE.matcher(line);
      Matcher finding = FINDING.matcher(line);
      if (head.matches()) {
        route = head.group(1);
      } else if (finding.matches()) {
        found.add(route + " | " + finding.group(1));
      }
    }
    found.removeIf(finding -> accepted.stream().anyMatch(line -> line.startsWith(finding + " | ")));
    return found;
  }

  private static int generated(String said) {
    Matcher count = GENERATED.matcher(said);
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }
}
