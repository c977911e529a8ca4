package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.it.ServerProcess;

/**
 * Requests made up by schemathesis from our own OpenAPI document, good ones and bad ones, as
 * callers of every kind: no answer is a failure of the server, every answer stands in the document.
 */
@ExtendWith(PythonEnvironment.Given.class)
class FuzzingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Pattern ROUTE = Pattern.compile("_{3,} ([A-Z]+ /\\S*) _{3,}");
  private static final Pattern FINDING = Pattern.compile("- ([A-Z]{2}\\d+ .*)");
  private static final Pattern GENERATED = Pattern.compile("(\\d+) generated");

  /** A server of its own: callers that may do everything do. */
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = SharedServer.fresh();
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
    String said = schemathesis(python, who, examples);
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

  private static String schemathesis(PythonEnvironment python, String who, int examples) {
    List<String> command =
        new ArrayList<>(
            List.of(
                python.program("schemathesis").toString(),
                "run",
                server.url() + "/api/openapi.json",
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
    if (!who.equals("nobody")) {
      String[] words = who.split(" ");
      command.add("--header");
      command.add("Authorization: Bearer " + server.token(words[0], words[1]));
    }
    return Command.of(PATIENCE, Map.of("HOME", server.data().toString()), command).output();
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
