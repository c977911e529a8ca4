package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.boinc.BoincProject;
import org.spinor.plugins.testbed.boinc.Volunteer;
import org.spinor.plugins.testbed.boinc.WorkUnits;
import tools.jackson.databind.JsonNode;

/**
 * Jobs on the machines of volunteers of a BOINC project, one of whom lies, and one of whom looks
 * what a pilot's secret is good for. The server is killed in between.
 */
class BoincIT {
  private static final String AUTHENTICATOR = "0123456789abcdef0123456789abcdef";
  private static final int JOBS = 4;

  @TempDir Path folder;

  private static String configuration(BoincProject project) {
    return Configurations.WITHOUT_PILOTS
        + """
              TEST.Volunteers.here:
                CEs:
                  boinc:
                    CEType: BOINC
                    URL: %s
                    Queues:
                      volunteers: {CPUTime: 500000, NumberOfProcessors: 1, IdlePilots: 3, MaxTotalPilots: 3}
          """
            .formatted(project.url());
  }

  /** Its commands give wrong numbers. */
  private Volunteer liar() throws IOException {
    Path commands = Files.createDirectories(folder.resolve("lies"));
    Path expr = Files.writeString(commands.resolve("expr"), "#!/bin/sh\necho 41\n");
    Files.setPosixFilePermissions(expr, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Volunteer("liar", Map.of("PATH", commands + ":" + System.getenv("PATH")), 1);
  }

  @Test
  void markedJobsAreDoneWhenTwoVolunteersAgreeAndUnmarkedOnesStayAtHome() throws Exception {
    assumeTrue(WorkUnits.canNameHosts(), "hosts cannot have names of their own on this machine");
    WorkUnits units =
        new WorkUnits(
            folder.resolve("project"), List.of(liar(), new Volunteer("honest1", Map.of(), 1)));
    try (BoincProject project = new BoincProject(units, "spinor", AUTHENTICATOR);
        ServerProcess server =
            ServerProcess.withConfiguration(
                configuration(project),
                Map.of("SPINOR_PROVISIONING_PILOTOPTIONS", "--isolation=none --idle=300s"))) {
      keepAuthenticator(server.data());
      Api user = server.as("user", "alice");
      String job =
          "Executable = \"/bin/sh\"; Arguments = \"-c 'expr 20 + 22 > result.dat; hostname'\"; "
              + "OutputSandbox = {\"result.dat\", \"std.out\"}; StdOutput = \"std.out\"; ";
      long athome = user.submit(job).getFirst();
      List<Long> marked = user.submit(job + "Volunteers = true; Parameters = " + JOBS + ";");
      Await.until(
          () -> "a liar and an honest host do not agree: " + outcomes(user, marked),
          Duration.ofMinutes(5),
          () -> outcomes(user, marked).stream().filter("undecided"::equals).count() == 2 * JOBS);
      attack(server, folder.resolve("project/hosts"), marked.getFirst());
      server.killHard();
      units.join(new Volunteer("honest2", Map.of(), 1));
      server.startAgain();
      assertThat(user.waitForAll(marked, Duration.ofMinutes(6)))
          .as("%s", outcomes(user, marked))
          .isEqualTo(Map.of("Done", JOBS));
      for (long id : marked) {
        JsonNode output = user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null);
        assertThat(output.size()).as("outputs of job %d that count", id).isEqualTo(1);
        assertThat(
                new String(
                    Archives.contentOf(user, output.get(0).asString(), "result.dat"),
                    StandardCharsets.UTF_8))
            .isEqualTo("42\n");
      }
      for (long id : marked) {
        assertThat(outcomes(user, List.of(id)))
            .as("two results agree, the liar is found out")
            .containsExactlyInAnyOrder("done", "done", "rejected");
      }
      assertThat(user.statusOf(athome)).isEqualTo("Waiting");
      JsonNode why = user.ok("GET", "/api/jobs/" + athome + "/explain", null);
      assertThat(why.toString()).contains("is not marked for volunteers");
    }
  }

  private static void keepAuthenticator(Path data) throws IOException {
    Path place =
        Files.createDirectories(
            data.resolve("secrets/elements/TEST.Volunteers.here/boinc/_"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createFile(
        place.resolve("boinc-authenticator"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(place.resolve("boinc-authenticator"), AUTHENTICATOR + "\n");
  }

  private static List<String> outcomes(Api user, List<Long> jobs) {
    List<String> outcomes = new ArrayList<>();
    for (long id : jobs) {
      for (JsonNode attempt : user.ok("GET", "/api/jobs/" + id + "/attempts", null)) {
        outcomes.add(attempt.path("outcome").asString("running"));
      }
    }
    return outcomes;
  }

  /** A volunteer takes the secret out of the work unit and tries what it opens. */
  private static void attack(ServerProcess server, Path hosts, long job) {
    String script = someScript(hosts);
    String stamp = group(script, "SPINOR_PILOT_STAMP='([^']+)'");
    String secret =
        new String(
                Base64.getMimeDecoder()
                    .decode(
                        group(
                            script,
                            "put [a-z.-]*secret[a-z.-]* <<'end of file'\n([^']+?)\nend of file")),
                StandardCharsets.UTF_8)
            .strip();
    JsonNode answer =
        Api.anonymous(server.url())
            .ok(
                "POST",
                "/api/auth/secret-exchange",
                Map.of("pilot_stamp", stamp, "pilot_secret", secret));
    Api volunteer = new Api(server.url(), answer.path("access_token").asString());
    assertThat(volunteer.status("GET", "/api/pilots/" + stamp, null)).isEqualTo(200);
    for (String refused :
        List.of(
            "GET /api/config/",
            "GET /api/rss/site",
            "POST /api/jobs/search",
            "GET /api/jobs/" + job + "/jdl",
            "POST /api/pilots/search",
            "GET /api/sites",
            "POST /api/jobs/jdl")) {
      String[] parts = refused.split(" ");
      assertThat(volunteer.status(parts[0], parts[1], parts[0].equals("POST") ? List.of() : null))
          .as(refused)
          .isEqualTo(403);
    }
  }

  /** Of a work unit; deeper, in the slots themselves, pilots make and delete folders meanwhile. */
  private static String someScript(Path hosts) {
    try {
      for (Path host : in(hosts)) {
        for (Path slot : in(host)) {
          Path script = slot.resolve("in");
          if (Files.exists(script)) {
            return Files.readString(script);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no work unit below " + hosts);
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static String group(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }
}
