package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.people.Roles;

class AccessTableTest {
  private static final String JOBS =
      """
      # comments and empty lines do not count

      route                      | anonymous | member | NormalUser | JobAdministrator | pilot | payload
      POST /api/jobs/jdl         |           |        | own        |                  |       |
      GET /api/jobs/{id}/explain |           |        | own        | vo               |       | own
      GET /pilot/**              | all       |        |            |                  |       |
      GET /pilot/secret          |           | all    |            |                  |       |
      """;

  @Test
  void rowSaysTheWidestReachOfTheRoles() {
    AccessRow explain = row("GET", "/api/jobs/{job_id}/explain");
    assertThat(explain.reach(Roles.ofPerson(Set.of("NormalUser")))).contains(Reach.OWN);
    assertThat(explain.reach(Roles.ofPerson(Set.of("NormalUser", "JobAdministrator"))))
        .contains(Reach.VO);
    assertThat(explain.reach(Roles.ofPayload())).contains(Reach.OWN);
    assertThat(explain.reach(Roles.ofPilot())).isEmpty();
    assertThat(explain.reach(Roles.ofPerson(Set.of()))).isEmpty();
    assertThat(explain.reach(Roles.ofPerson(Set.of("pilot", "payload", "Unheard")))).isEmpty();
  }

  @Test
  void roleThatIsBarredIsRefusedUnlessAnotherReachesAll() {
    AccessRow row =
        AccessTable.parse("t", "route | member | GenericPilot | Operator\nGET /x | vo | no | all\n")
            .rows()
            .getFirst();
    assertThat(row.reach(Roles.ofPerson(Set.of()))).contains(Reach.VO);
    assertThat(row.reach(Roles.ofPerson(Set.of("GenericPilot")))).isEmpty();
    assertThat(row.reach(Roles.ofPerson(Set.of("GenericPilot", "Operator")))).contains(Reach.ALL);
  }

  @Test
  void folderRowCoversWhatHasNoRowOfItsOwn() {
    assertThat(row("GET", "/pilot/bundles/{name}").isOpen()).isTrue();
    assertThat(row("GET", "/pilot/secret").isOpen()).isFalse();
    AccessRules rules = AccessRules.of(Map.of("t", JOBS));
    assertThat(rules.row(Route.of("POST", "/pilot/bundles/{name}"))).isEmpty();
    assertThat(rules.row(Route.of("GET", "/pilots"))).isEmpty();
  }

  @Test
  void rootFolderRowCoversOnlyTheFolderItself() {
    AccessRules rules = AccessRules.of(Map.of("t", "route | anonymous\nGET /** | all\n"));
    assertThat(rules.row(Route.of("GET", "/**"))).isPresent();
    assertThat(rules.row(Route.of("GET", "/api/jobs"))).isEmpty();
  }

  @Test
  void everyProblemOfATableIsTold() {
    AccessTable table =
        AccessTable.parse(
            "access/x.txt",
            """
            route | anonymous | NormalUsr | member | member
            GET /a | own | | |
            FETCH /b | | | all |
            GET /c | | | sometimes |
            GET /d | all
            GET /e | | | |
            """);
    assertThat(table.rows()).isEmpty();
    assertThat(table.problems())
        .hasSize(9)
        .anyMatch(p -> p.startsWith("access/x.txt line 1: unknown role 'NormalUsr'; known are "))
        .contains(
            "access/x.txt line 1: role member has two columns",
            "access/x.txt line 2: anonymous owns nothing and has no VO: all, or empty",
            "access/x.txt line 2: GET /a is allowed to nobody",
            "access/x.txt line 3: expected a method and a path as 'GET /api/jobs/{id}', got 'FETCH /b'",
            "access/x.txt line 4: 'sometimes' for member is not own, vo, all, no, or empty",
            "access/x.txt line 5: 1 cells after the route; the first line names 4 roles",
            "access/x.txt line 6: GET /e is allowed to nobody");
    assertThat(AccessTable.parse("y", "# nothing\n").problems())
        .containsExactly("y: no first line \"route | role | ...\"");
  }

  @Test
  void tablesAndRoutesMustFit() {
    AccessRules rules =
        AccessRules.of(
            Map.of("a.txt", JOBS, "b.txt", "route | member\nPOST /api/jobs/jdl | own\n"));
    List<String> problems =
        rules.problems(
            List.of(
                Route.of("GET", "/api/jobs/{x}/explain"),
                Route.of("DELETE", "/api/jobs/{x}"),
                Route.of("GET", "/pilot/bootstrap.sh")));
    assertThat(problems)
        .containsExactly(
            "b.txt line 2: POST /api/jobs/jdl has a row already in a.txt line 4",
            "DELETE /api/jobs/{} has no row in any access table: nobody may call it",
            "a.txt line 4: POST /api/jobs/jdl is no route of this server",
            "a.txt line 7: GET /pilot/secret is no route of this server");
  }

  private static AccessRow row(String method, String path) {
    AccessRules rules = AccessRules.of(Map.of("jobs.txt", JOBS));
    assertThat(rules.problems(List.of())).hasSize(4);
    return rules.row(Route.of(method, path)).orElseThrow();
  }
}
