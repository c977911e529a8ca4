package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.KubernetesAdmin;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/**
 * A real API server says which of the documented rights is missing. No pilot runs here: no node has
 * the label that they want.
 */
@ExtendWith(RealCluster.class)
class RealClusterRightsIT {
  private final Pilots pilots = new Pilots(new Starts(Path.of("/tmp/starts")));

  @TempDir Path folder;

  private static ComputingElement without(String verb, String resource) {
    String kind = "resources: [" + resource + "]";
    List<String> rules =
        KubernetesAdmin.documentedRules().stream()
            .map(
                rule ->
                    rule.contains(kind) ? rule.replaceFirst("\\b" + verb + "\\b", "watch") : rule)
            .toList();
    assertThat(rules).as("%s %s", verb, resource).isNotEqualTo(KubernetesAdmin.documentedRules());
    return RealCluster.place("privileged", rules).open("NodeSelector", "nowhere=true");
  }

  private PilotSubmission pilot() {
    return pilots.script("exit 0\n");
  }

  private static void assertNames(String reason, String verb, String resource) {
    assertThat(reason)
        .contains("is forbidden")
        .contains("cannot " + verb + " resource \"" + resource + "\"");
  }

  private static void assertRefuses(ThrowingCallable call, String verb, String resource) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertNames(String.valueOf(e.getMessage()), verb, resource));
  }

  private static void assertRefuses(SubmitResult result, String verb, String resource) {
    assertThat(result)
        .isInstanceOfSatisfying(
            SubmitResult.Refused.class,
            refused -> {
              assertThat(refused.fault()).isEqualTo(Fault.PLATFORM);
              assertNames(refused.reason(), verb, resource);
            });
  }

  @Test
  void rightsToSubmit() {
    try (ComputingElement element = without("create", "jobs")) {
      assertRefuses(element.submit(List.of(pilot())).getFirst(), "create", "jobs");
    }
    try (ComputingElement element = without("create", "secrets")) {
      assertRefuses(element.submit(List.of(pilot())).getFirst(), "create", "secrets");
    }
    try (ComputingElement element = without("get", "jobs")) {
      PilotSubmission twice = pilot();
      Pilots.submit(element, List.of(twice));
      assertRefuses(element.submit(List.of(twice)).getFirst(), "get", "jobs");
    }
  }

  @Test
  void rightsToAsk() {
    try (ComputingElement element = without("list", "jobs")) {
      assertRefuses(element::queueInfo, "list", "jobs");
    }
    try (ComputingElement element = without("list", "pods")) {
      PilotReference sent = Pilots.submit(element, List.of(pilot())).getFirst();
      assertRefuses(() -> element.status(List.of(sent)), "list", "pods");
    }
    try (ComputingElement element = without("get", "pods/log")) {
      PilotReference sent = Pilots.submit(element, List.of(pilot())).getFirst();
      awaitUnschedulable(element, sent);
      assertRefuses(() -> element.output(sent, 100), "get", "pods/log");
    }
    try (ComputingElement element = without("list", "events")) {
      PilotReference sent = Pilots.submit(element, List.of(pilot())).getFirst();
      awaitUnschedulable(element, sent);
      assertThat(element.output(sent, 100).log()).isEmpty();
    }
  }

  @Test
  void rightsToEnd() {
    try (ComputingElement element = without("patch", "jobs")) {
      PilotReference sent = Pilots.submit(element, List.of(pilot())).getFirst();
      assertThat(element.cancel(List.of(sent)).get(sent))
          .isInstanceOfSatisfying(
              CancelResult.Failed.class, failed -> assertNames(failed.reason(), "patch", "jobs"));
    }
    try (ComputingElement element = without("delete", "jobs")) {
      PilotReference sent = Pilots.submit(element, List.of(pilot())).getFirst();
      element.cancel(List.of(sent));
      assertThat(Pilots.ended(element, sent).state()).isEqualTo(PilotState.ABORTED);
      assertRefuses(() -> element.purge(List.of(sent)), "delete", "jobs");
    }
  }

  private static void awaitUnschedulable(ComputingElement element, PilotReference pilot) {
    Shell.eventually(
        "what the scheduler says",
        Duration.ofMinutes(1),
        () -> Pilots.report(element, pilot).reason().startsWith("Unschedulable: 0/1 nodes"));
  }

  @Test
  void rightsEndAtTheNamespace() {
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element = place.open("Namespace", "kube-system")) {
      SubmitResult result = element.submit(List.of(pilot())).getFirst();
      assertRefuses(result, "create", "jobs");
      assertThat(((SubmitResult.Refused) result).reason())
          .contains("in the namespace \"kube-system\"");
    }
  }

  @Test
  void namespaceThatIsNotThere() throws Exception {
    Path cluster = RealCluster.get().folder();
    Path kubeConfig = Files.copy(cluster.resolve("admin.conf"), folder.resolve("config"));
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element =
        place.open(
            "KubeConfig", kubeConfig.toString(), "TokenSecret", "", "Namespace", "elsewhere")) {
      assertThat(element.submit(List.of(pilot())).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.PLATFORM);
                assertThat(refused.reason()).contains("namespaces \"elsewhere\" not found");
              });
    }
  }

  @Test
  void tokenOfNobody() {
    RealCluster.Place place = RealCluster.place("privileged");
    String wrong = place.token().substring(0, place.token().length() - 10) + "AAAAAAAAAA";
    try (ComputingElement element = new RealCluster.Place(place.namespace(), wrong).open()) {
      assertThatThrownBy(element::queueInfo)
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("does not take these credentials");
    }
  }
}
