package org.spinor.plugins.computing.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.PilotSubmission;

class AdlTest {
  private static ArcSettings settings(Map<String, String> parameters) {
    return ArcSettings.of(
        new ComputingElementContext(
            "LCG.A.org",
            "ce.example.org",
            "grid",
            parameters,
            Credentials.none(),
            Path.of("/state"),
            Duration.ofSeconds(60),
            InstantSource.system()));
  }

  private static PilotSubmission pilot(PilotSubmission.Size size) {
    return new PilotSubmission(
        "stamp1",
        "vo",
        "exit 0\n",
        Map.of("SPINOR_A", "1 < 2 & \"three\""),
        List.of(new PilotSubmission.InputFile("secret", "s", true)),
        size);
  }

  @Test
  void descriptionHasNameFilesAndWhatThePilotNeeds() {
    String adl =
        Adl.of(
            pilot(new PilotSubmission.Size(8, 16001, 0, 2, false, Duration.ofHours(2))),
            settings(Map.of()),
            Optional.of("d1"));
    assertThat(adl)
        .contains(
            "<Name>stamp1</Name>",
            "<Path>/bin/sh</Path><Argument>pilot.sh</Argument><FailIfExitCodeNotEqualTo>0<",
            "<Name>SPINOR_A</Name><Value>1 &lt; 2 &amp; \"three\"</Value>",
            "<WallTime>7200</WallTime>",
            "<TotalCPUTime>115200</TotalCPUTime>",
            "<IndividualPhysicalMemory>" + 2001L * 1024 * 1024 + "<",
            "<NumberOfSlots>16</NumberOfSlots><SlotsPerHost>8</SlotsPerHost>",
            "<QueueName>grid</QueueName>",
            "<nordugrid-adl:DelegationID>d1<",
            "<InputFile><Name>secret</Name></InputFile><InputFile><Name>pilot.sh</Name>",
            "<WipeTime>PT604800S</WipeTime>")
        .doesNotContain("exit 0", "Rerun", "Exclusive");
  }

  @Test
  void templatesAreFilledAndRuntimeEnvironmentsHaveOptions() {
    String adl =
        Adl.of(
            pilot(new PilotSubmission.Size(0, 0, 2, 1, true, Duration.ZERO)),
            settings(
                Map.of(
                    "RunTimeEnvironments",
                    "ENV/PROXY\nENV/GPU {gpus} a100",
                    "ADLResources",
                    "<X>{queue} {vo} {name} {Y}</X>",
                    "Preamble",
                    "module load java",
                    "Restarts",
                    "3",
                    "CEQueueName",
                    "-")),
            Optional.empty());
    assertThat(adl)
        .contains(
            "<RuntimeEnvironment><Name>ENV/PROXY</Name></RuntimeEnvironment>",
            "<Name>ENV/GPU</Name><Option>2</Option><Option>a100</Option>",
            "<X> vo stamp1 {Y}</X>",
            "<ExclusiveExecution>true<",
            "<Argument>spinor-start.sh</Argument>",
            "<nordugrid-adl:Rerun>3<")
        .doesNotContain("QueueName", "Delegation", "WallTime");
  }

  @Test
  void environmentThatCannotBeToldIsAProblem() {
    Map<String, String> environment = new HashMap<>();
    environment.put("A B", "x");
    environment.put("LINES", "a\nb");
    environment.put("GOOD", "a\\b $c 'd' \u00e4");
    assertThat(Adl.problems(environment)).hasSize(2);
  }

  @Test
  void settingsTellAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "Endpoint", "http://ce.example.org/arex",
                        "ADLResources", "<A>",
                        "Restarts", "11",
                        "Authentication", "X509")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContainingAll("Endpoint", "ADLResources", "Restarts", "CredentialFile");
    assertThatThrownBy(() -> settings(Map.of("ADLApplication", "<A>{corse}</A>")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("{corse}; there are cores, memory_mb");
    assertThatThrownBy(() -> settings(Map.of("CredentialFile", "/x")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("nothing shows or delegates it");
  }

  @Test
  void endpointAndAudienceComeFromTheElementsName() {
    ArcSettings.Service service = settings(Map.of("Port", "8443")).service();
    assertThat(service.endpoint()).hasToString("https://ce.example.org:8443/arex");
    assertThat(service.audience()).isEqualTo("https://ce.example.org:8443");
    assertThat(settings(Map.of("Endpoint", "https://a.org/x/")).service().audience())
        .isEqualTo("https://a.org:443");
  }

  @Test
  void serviceLoaderFindsBothNames() {
    assertThat(ServiceLoader.load(ComputingElementPlugin.class))
        .extracting(ComputingElementPlugin::name)
        .containsExactlyInAnyOrder("ARC", "AREX");
  }
}
