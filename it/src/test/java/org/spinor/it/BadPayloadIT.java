package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** Payloads and sandboxes that mean harm, through a real server and a real pilot. */
class BadPayloadIT {
  private static ServerProcess server;
  private static Api user;

  @BeforeAll
  static void start() {
    server = ServerProcess.withConfiguration(Configurations.local(1, 8, 10));
    user = server.as("user", "alice");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode run(String jdl) {
    long id = user.submit(jdl).getFirst();
    user.waitForAll(List.of(id), Duration.ofMinutes(4));
    return user.job(id);
  }

  @Test
  void aPayloadThatForksAndIgnoresSigtermLeavesNothingBehind() {
    String mark = Processes.newMark();
    JsonNode job =
        run(
            """
            Executable = "/bin/sh";
            Arguments = "-c 'setsid sh -c \\"trap : TERM; while :; do sleep 985; done\\" & exit 0'";
            ExecutionEnvironment = {"%s"};
            """
                .formatted(mark));
    assertThat(job.path("Status").asString()).isEqualTo("Done");
    Await.until(
        "its children are gone", Duration.ofMinutes(1), () -> Processes.withMark(mark).isEmpty());
  }

  @Test
  void aPayloadThatPrintsAGigabyteIsCutAndDone() {
    JsonNode job =
        run(
            """
            Executable = "/bin/sh";
            Arguments = "-c 'head -c 1000000000 /dev/zero | tr \\\\\\\\0 x'";
            OutputSandbox = {"std.out"};
            """);
    assertThat(job.path("Status").asString()).as(job.toString()).isEqualTo("Done");
    JsonNode output =
        user.ok("GET", "/api/jobs/" + job.path("JobID").asLong() + "/sandbox/output", null);
    assertThat(output.size()).isEqualTo(1);
  }

  @Test
  void aMissingExecutableIsNamed() {
    JsonNode job = run("Executable = \"no-such-program\";");
    assertThat(job.path("Status").asString()).isEqualTo("Failed");
    assertThat(job.path("MinorStatus").asString()).isEqualTo("Application not found");
    assertThat(job.path("ApplicationStatus").asString()).contains("no-such-program");
  }

  @Test
  void anArchiveThatClimbsOutIsRefused() {
    byte[] archive = Archives.tarBz2("../../escaped.txt", "out".getBytes(StandardCharsets.UTF_8));
    String pfn = Archives.upload(user, archive);
    JsonNode job = run("Executable = \"/bin/true\"; InputSandbox = {\"" + pfn + "\"};");
    assertThat(job.path("Status").asString()).isEqualTo("Failed");
    assertThat(user.logging(job.path("JobID").asLong()).toString()).contains("escaped.txt");
  }

  @Test
  void anArchiveWithAbsolutePathOrOutwardLinkIsRefused() {
    for (byte[] archive :
        List.of(
            Archives.tarBz2("/tmp/absolute.txt", new byte[] {1}),
            Archives.tarBz2Link("link", "/etc/passwd"))) {
      String pfn = Archives.upload(user, archive);
      JsonNode job = run("Executable = \"/bin/true\"; InputSandbox = {\"" + pfn + "\"};");
      assertThat(job.path("Status").asString()).as(job.toString()).isEqualTo("Failed");
    }
  }

  @Test
  void aSandboxOfAHundredAndOneMegabytesIsRefusedBeforeTheUpload() {
    var answer =
        user.call(
            "POST",
            "/api/jobs/sandbox",
            Map.of(
                "checksum_algorithm",
                "sha256",
                "checksum",
                "0".repeat(64),
                "size",
                105_906_176,
                "format",
                "tar.bz2"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.tree(answer.body()).path("detail").asString()).contains("104857600");
  }

  @Test
  void namesWithBlanksAndUmlautsComeHome() {
    JsonNode job =
        run(
            """
            Executable = "/bin/sh";
            Arguments = "-c 'mkdir -p \\"a directory\\"; echo grün > \\"a directory/größe und maß.txt\\"'";
            OutputSandbox = {"a directory", "*.missing"};
            """);
    assertThat(job.path("Status").asString()).as(job.toString()).isEqualTo("Done");
    long id = job.path("JobID").asLong();
    String pfn = user.ok("GET", "/api/jobs/" + id + "/sandbox/output", null).get(0).asString();
    assertThat(Archives.namesIn(user, pfn)).contains("a directory/größe und maß.txt");
    assertThat(user.ok("GET", "/api/jobs/" + id + "/parameters", null).toString())
        .contains("*.missing");
  }
}
