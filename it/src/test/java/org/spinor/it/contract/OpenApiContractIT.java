package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Our OpenAPI document keeps every promise of DiracX's, but for the differences listed. */
@ExtendWith(SharedServer.Given.class)
class OpenApiContractIT {
  private static final int ROUTES = 38;
  private static Map<String, Operation> ours;

  @BeforeAll
  static void read(SharedServer server) {
    ours = OpenApiFacts.of(server.nobody().ok("GET", "/api/openapi.json", null));
  }

  @Test
  void everyRouteOfTheContractIsKept() {
    Map<String, Operation> contract = ContractTable.read();
    assertThat(contract).hasSize(ROUTES);
    assertThat(Differences.read("openapi-differences.txt").problems(between(contract))).isEmpty();
  }

  @Test
  void aPromiseThatIsNotKeptIsFound() {
    Map<String, Fact> facts = new TreeMap<>();
    facts.put("query colour", Fact.parse("string?"));
    facts.put("201 [].JobID", Fact.parse("string"));
    facts.put("201 [].Status", Fact.parse("string"));
    facts.put("201 [].Colour", Fact.parse("string?"));
    facts.put("json .", Fact.parse("array"));
    facts.put("json []", Fact.parse("integer|string"));
    Map<String, Operation> contract =
        Map.of(
            "POST /api/jobs/jdl",
            new Operation("jobs_submit", false, facts),
            "GET /api/colours",
            new Operation("colours", true, Map.of()));
    assertThat(between(contract))
        .containsExactly(
            "GET /api/colours | route",
            "POST /api/jobs/jdl | 201 [].Colour",
            "POST /api/jobs/jdl | 201 [].JobID",
            "POST /api/jobs/jdl | json []",
            "POST /api/jobs/jdl | name jobs_submit",
            "POST /api/jobs/jdl | query colour",
            "POST /api/jobs/jdl | token");
  }

  @Test
  void theListOfDifferencesIsHeldBothWays() {
    Differences listed = Differences.read("openapi-differences.txt");
    assertThat(listed.problems(Set.of())).anyMatch(line -> line.startsWith("no more"));
    assertThat(listed.problems(Set.of("GET /new | route")))
        .contains("not in openapi-differences.txt: GET /new | route");
  }

  private static Set<String> between(Map<String, Operation> contract) {
    Set<String> found = new TreeSet<>();
    contract.forEach(
        (route, promised) -> {
          Operation here = ours.get(OpenApiFacts.route(route));
          if (here == null) {
            found.add(route + " | route");
          } else {
            here.differences(promised).forEach(place -> found.add(route + " | " + place));
          }
        });
    return found;
  }
}
