package org.spinor.server.identity.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.AttemptId;
import org.spinor.api.JobId;
import org.spinor.server.identity.Caller.Reach;
import org.spinor.server.identity.access.AccessProbes.Probe;
import org.spinor.server.identity.access.AccessProbes.Seen;
import org.spinor.server.identity.access.AccessProbes.Target;
import org.spinor.server.identity.access.AccessProbes.Whose;
import org.spinor.server.identity.people.Roles;

/**
 * The access tables against the running server, cell by cell: every route for every role, and where
 * a role's reach ends, an object of one's own, of a colleague and of another VO. A new route takes
 * part by its row; one that reaches objects fails here until it has a probe.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessMatrixTest {
  @TempDir static Path data;
  private WholeServer server;
  private AccessProbes probes;
  private final List<AccessRow> rows = AccessRules.load().rows();

  @BeforeAll
  void start() {
    server = new WholeServer(data);
    probes = new AccessProbes(server);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void everyRouteLetsInTheRolesOfItsRowAndNobodyElse() {
    List<String> wrong = new ArrayList<>();
    List<String> roles = rolesOfTheTables();
    for (AccessRow row : rows) {
      if (row.isOpen()) {
        continue;
      }
      for (String role : roles) {
        HttpResponse<String> answer = ask(row, token(role, null));
        boolean refused =
            role.equals(Roles.ANONYMOUS)
                ? answer.statusCode() == 401
                : answer.statusCode() == 403
                    && answer.body().contains("Forbidden: " + row.text() + " is for ");
        if (refused == allowed(row, role) || answer.statusCode() >= 500) {
          wrong.add(row.text() + " as " + role + ": " + answer.statusCode());
        }
      }
    }
    assertThat(rows).hasSizeGreaterThan(60);
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyRouteThatReachesObjectsHasAProbe() {
    Set<String> limited = new TreeSet<>();
    for (AccessRow row : rows) {
      if (row.cells().values().stream().anyMatch(reach -> reach != Reach.ALL)) {
        limited.add(row.text());
      }
    }
    limited.removeAll(AccessProbes.WITHOUT_OBJECT);
    assertThat(probes.all().keySet()).containsExactlyInAnyOrderElementsOf(limited);
  }

  @Test
  void everyRoleReachesWhatItsCellSaysAndNoMore() {
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    for (AccessRow row : rows) {
      Probe probe = probes.all().get(row.text());
      if (probe == null) {
        continue;
      }
      for (Map.Entry<String, Reach> cell : row.cells().entrySet()) {
        for (Whose whose : Whose.values()) {
          Target target = probes.make(probe.kind(), whose);
          String method = row.text().substring(0, row.text().indexOf(' '));
          HttpResponse<String> answer =
              server.send(
                  method,
                  probe.path().apply(target),
                  token(cell.getKey(), whose == Whose.MINE ? target : null),
                  probe.body().apply(target));
          boolean reached = probe.reached().test(new Seen(target, answer));
          if (reached != expected(cell.getValue(), whose) || answer.statusCode() >= 500) {
            wrong.add(
                "%s as %s (%s), %s: %d %s"
                    .formatted(
                        row.text(),
                        cell.getKey(),
                        cell.getValue(),
                        whose,
                        answer.statusCode(),
                        answer.body()));
          }
          asked++;
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(asked).isGreaterThan(200);
  }

  @Test
  void noWayOfWritingTheNameOfASandboxOpensAnothers() {
    String bobs = probes.sandbox(Whose.COLLEAGUES);
    String alice = server.person("earth", "alice", Set.of("NormalUser"));
    String file = bobs.substring(bobs.lastIndexOf('/') + 1);
    for (String name :
        List.of(
            bobs,
            bobs.replace("/bob/", "/alice/../bob/"),
            bobs.replace("/bob/", "/alice%2f..%2fbob/"),
            bobs.replace("/bob/", "/alice/" + file + "/../../bob/"),
            bobs.replace("/bob/", "//bob/"),
            bobs.replace("/bob/", "/Bob/"),
            bobs.replace("/bob/", "/alice/"),
            bobs.replace("/users/bob/", "/users/alice/../../users/bob/"),
            bobs + "\u0000",
            bobs + "/../" + file,
            "SB:SandboxSE|/../../secrets/jwks.json",
            "SB:SandboxSE|/S3/sandboxes/earth/users/alice/../../../../secrets/jwks.json",
            "/etc/passwd",
            "file:///etc/passwd")) {
      HttpResponse<String> answer =
          server.send(
              "GET",
              "/api/jobs/sandbox?pfn=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
              alice,
              null);
      assertThat(answer.statusCode()).as(name + ": " + answer.body()).isBetween(400, 499);
    }
  }

  /** Those that some table names, and of the others, which differ in nothing, one. */
  private List<String> rolesOfTheTables() {
    Set<String> named = new TreeSet<>(List.of(Roles.ANONYMOUS, Roles.MEMBER));
    rows.forEach(row -> named.addAll(row.cells().keySet()));
    rows.forEach(row -> named.addAll(row.barred()));
    List<String> roles = new ArrayList<>(named);
    roles.add(Roles.ALL.stream().filter(role -> !named.contains(role)).findFirst().orElseThrow());
    return roles;
  }

  private static boolean expected(Reach reach, Whose whose) {
    return switch (reach) {
      case OWN -> whose == Whose.MINE;
      case VO -> whose != Whose.FOREIGN;
      case ALL -> true;
    };
  }

  private static boolean allowed(AccessRow row, String role) {
    // every person is a member besides what their properties make them
    return row.cells().containsKey(role)
        || (!row.barred().contains(role)
            && Roles.PROPERTIES.contains(role)
            && row.cells().containsKey(Roles.MEMBER));
  }

  /** A request that gets as far as the decision. */
  private HttpResponse<String> ask(AccessRow row, @Nullable String token) {
    String[] route = row.text().split(" ", 2);
    String path =
        route[1]
            .replace("{sandboxType}", "input")
            .replace("{jti}", "00000000-0000-7000-8000-000000000000")
            .replaceAll("\\{\\w+}", "999999999");
    return server.send(route[0], path, token, route[0].equals("GET") ? null : "[0]");
  }

  /**
   * @param own what is the caller's own, where it is a machine
   */
  private @Nullable String token(String role, @Nullable Target own) {
    if (role.equals(Roles.ANONYMOUS)) {
      return null;
    }
    if (role.equals(Roles.PILOT) || role.equals(Roles.PAYLOAD)) {
      if (own != null && own.token() != null) {
        return own.token();
      }
      return role.equals(Roles.PILOT)
          ? server.pilot("earth", "another-stamp")
          : server.payload(new AttemptId(new JobId(1), 1), "earth", "alice");
    }
    Set<String> properties = role.equals(Roles.MEMBER) ? Set.of() : Set.of(role);
    return server.person("earth", "alice", properties);
  }
}
