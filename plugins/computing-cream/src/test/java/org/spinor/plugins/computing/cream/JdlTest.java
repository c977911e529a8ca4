package org.spinor.plugins.computing.cream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

class JdlTest {
  private static ComputingElementContext context(String queue, Map<String, String> more) {
    Map<String, String> parameters =
        new HashMap<>(
            Map.of(
                "SandboxURL", "https://se.example.org:8443/pilots/",
                "CredentialFile", "/etc/spinor/keys/robot.pem"));
    parameters.putAll(more);
    return new ComputingElementContext(
        "S",
        "ce.example.org",
        queue,
        parameters,
        Credentials.none(),
        Path.of("/tmp"),
        Duration.ofSeconds(10),
        java.time.InstantSource.system());
  }

  private static String jdl(String queue, Map<String, String> more, PilotSubmission.Size size) {
    PilotSubmission pilot =
        new PilotSubmission("st4mp", "vo.example.org", "", Map.of(), List.of(), size);
    return Jdl.of(pilot, CreamSettings.of(context(queue, more)), "spinor-st4mp-" + "0".repeat(32));
  }

  @Test
  void descriptionNamesQueueAndFile() {
    String jdl = jdl("cream-pbs-long", Map.of(), PilotSubmission.Size.oneCore());
    assertThat(jdl)
        .startsWith("[\n")
        .endsWith("]\n")
        .contains("BatchSystem = \"pbs\";", "QueueName = \"long\";", "Executable = \"/bin/sh\";")
        .contains("VirtualOrganisation = \"vo.example.org\";")
        .contains(" https://se.example.org:8443/pilots/spinor-st4mp-" + "0".repeat(32) + ".sh && ")
        .doesNotContain("\\", "CpuNumber", "CERequirements");
    assertThat(Jdl.stamp(jdl)).hasValue("st4mp");
    assertThat(Jdl.name(jdl)).hasValue("spinor-st4mp-" + "0".repeat(32));
    assertThat(Jdl.stamp("[ Executable = \"/bin/date\"; ]")).isEmpty();
    assertThat(Jdl.newName("a")).isNotEqualTo(Jdl.newName("a"));
  }

  @Test
  void sizesBecomeAttributes() {
    assertThat(
            jdl(
                "cream-slurm-grid.q",
                Map.of("WallTimeMinutes", "90"),
                new PilotSubmission.Size(8, 16000, 0, 1, false, Duration.ZERO)))
        .contains("BatchSystem = \"slurm\";", "QueueName = \"grid.q\";")
        .contains("CpuNumber = 8;", "SMPGranularity = 8;")
        .contains(
            "CERequirements = \"other.GlueCEPolicyMaxWallClockTime >= 90 && other.GlueHostMainMemoryRAMSize >= 16000\";");
    assertThat(
            jdl(
                "q",
                Map.of("BatchSystem", "sge", "CEQueueName", "other", "VirtualOrganisation", "v"),
                new PilotSubmission.Size(0, 0, 0, 1, true, Duration.ofHours(2))))
        .contains("BatchSystem = \"sge\";", "QueueName = \"other\";", "\"v\"")
        .contains("WholeNodes = true;", "HostNumber = 1;", "MaxWallClockTime >= 120");
  }

  @Test
  void gpusNeedAWordForThem() {
    PilotSubmission pilot =
        new PilotSubmission(
            "a",
            "vo",
            "",
            Map.of(),
            List.of(),
            new PilotSubmission.Size(1, 0, 2, 1, false, Duration.ZERO));
    Map<String, String> extra = Map.of("ExtraJDLParameters", "GPUNumber={gpus};");
    CreamPlugin plugin = new CreamPlugin();
    try (ComputingElement without = plugin.create(context("cream-pbs-a", Map.of()));
        ComputingElement with = plugin.create(context("cream-pbs-a", extra))) {
      assertThat(without.capabilities()).doesNotContain(Capability.GPU);
      assertThat(without.validate(pilot)).singleElement().asString().contains("{gpus}");
      assertThat(with.capabilities()).contains(Capability.GPU);
      assertThat(with.validate(pilot)).isEmpty();
    }
    assertThat(jdl("cream-pbs-a", extra, pilot.size())).contains("GPUNumber=2;");
  }

  @Test
  void settingsThatCannotWorkAreToldAllAtOnce() {
    assertThatThrownBy(
            () ->
                CreamSettings.of(
                    context(
                        "long",
                        Map.of(
                            "SandboxURL", "http://se.example.org/a",
                            "Endpoint", "ce.example.org",
                            "CredentialSecret", "proxy",
                            "CEQueueName", "a\"b"))))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("SandboxURL")
        .hasMessageContaining("Endpoint")
        .hasMessageContaining("one of them, not both")
        .hasMessageContaining("BatchSystem")
        .hasMessageContaining("CEQueueName");
    assertThatThrownBy(
            () ->
                CreamSettings.of(
                    context("cream-pbs-a", Map.of("ExtraJDLParameters", "X={nothing};"))))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("{nothing}");
  }

  @Test
  void filesThatCannotBeSentAreToldBefore() {
    PilotSubmission pilot =
        new PilotSubmission(
            "a",
            "vo",
            "",
            Map.of("A B", "", "C", "\0"),
            List.of(new PilotSubmission.InputFile("pilot.sh", "", false)),
            PilotSubmission.Size.oneCore());
    assertThat(StartScript.problems(pilot)).hasSize(3);
  }
}
