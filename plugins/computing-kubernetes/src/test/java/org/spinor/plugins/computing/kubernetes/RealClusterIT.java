package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.plugins.testbed.KubernetesAdmin;
import org.spinor.plugins.testbed.KubernetesCluster;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Fault;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;

/** What a real cluster does to pilots, and what becomes of it. */
@ExtendWith(RealCluster.class)
class RealClusterIT {
  private static final String LONG = "echo begun; while :; do sleep 1; done\n";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Pilots pilots = new Pilots(new Starts(Path.of("/tmp/starts")));

  private static KubernetesAdmin admin() {
    return RealCluster.get().admin();
  }

  private static PilotReference sent(ComputingElement element, PilotSubmission pilot) {
    return Pilots.submit(element, List.of(pilot)).getFirst();
  }

  private static PilotReport told(
      ComputingElement element, PilotReference pilot, PilotState state, String words) {
    Shell.eventually(
        pilot + " to be " + state + " with " + words,
        PATIENCE,
        () -> {
          PilotReport report = Pilots.report(element, pilot);
          return report.state() == state && report.reason().contains(words);
        });
    return Pilots.report(element, pilot);
  }

  private static String pod(RealCluster.Place place, PilotReference pilot) {
    Matcher name =
        Pattern.compile("\"name\":\"(" + pilot.value() + "-[^\"]+)\"")
            .matcher(admin().get(place.path("pods", "")));
    assertThat(name.find()).isTrue();
    return name.group(1);
  }

  private static PilotSubmission.Size cores(int cores) {
    return new PilotSubmission.Size(cores, 0, 0, 1, false, Duration.ZERO);
  }

  /** A pilot that fills the node. */
  private static PilotSubmission.Size whole() {
    return cores(Runtime.getRuntime().availableProcessors());
  }

  private static void quota(RealCluster.Place place, String limit) {
    admin()
        .create(
            place.path("resourcequotas", ""),
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: small}
            spec: {hard: {%s}}
            """
                .formatted(limit));
    Shell.eventually(
        "a quota that counts",
        PATIENCE,
        () -> admin().get(place.path("resourcequotas", "small")).contains("\"used\":{"));
  }

  @Test
  void quotaOfJobsIsAFullQueue() {
    RealCluster.Place place = RealCluster.place("privileged");
    quota(place, "count/jobs.batch: 1");
    try (ComputingElement element = place.open("NodeSelector", "nowhere=true")) {
      sent(element, pilots.script("exit 0\n"));
      assertThat(element.submit(List.of(pilots.script("exit 0\n"))).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY);
                assertThat(refused.reason()).contains("exceeded quota: small");
              });
    }
  }

  @Test
  void quotaOfCoresKeepsPilotsWaiting() {
    RealCluster.Place place = RealCluster.place("privileged");
    quota(place, "limits.cpu: 1");
    try (ComputingElement element = place.open()) {
      PilotReference pilot = sent(element, pilots.script("exit 0\n", cores(2)));
      told(element, pilot, PilotState.WAITING, "exceeded quota: small");
      element.cancel(List.of(pilot));
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.ABORTED);
    }
  }

  @Test
  void quotaThatWantsALimitHoldsPilotsWithoutOne() {
    RealCluster.Place place = RealCluster.place("privileged");
    quota(place, "limits.memory: 1Gi");
    try (ComputingElement element = place.open();
        ComputingElement limited = place.open("MemoryMb", "100")) {
      told(
          element,
          sent(element, pilots.script("exit 0\n")),
          PilotState.HELD,
          "must specify limits.memory");
      assertThat(Pilots.ended(limited, sent(limited, pilots.script("exit 0\n"))).state())
          .isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void namespaceThatWantsRestrictedPods() {
    RealCluster.Place place = RealCluster.place("restricted");
    try (ComputingElement baseline = place.open();
        ComputingElement restricted = place.open("Security", "restricted", "RunAsUser", "1000")) {
      PilotReference held = sent(baseline, pilots.script("exit 0\n"));
      assertThat(Pilots.ended(restricted, sent(restricted, pilots.script("id -u\n"))).state())
          .isEqualTo(PilotState.DONE);
      told(baseline, held, PilotState.HELD, "violates PodSecurity");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "registry.invalid/pilot:1, IfNotPresent, ErrImagePull",
    "registry.invalid/pilot:1, Never, ErrImageNeverPull",
    "Registry.invalid/Pilot, IfNotPresent, InvalidImageName"
  })
  void imageThatCannotBeHad(String image, String policy, String reason) {
    try (ComputingElement element =
        RealCluster.place("privileged").open("Image", image, "ImagePullPolicy", policy)) {
      PilotReference pilot = sent(element, pilots.script("exit 0\n"));
      assertThat(told(element, pilot, PilotState.HELD, reason).host()).hasValue("node-1");
      element.cancel(List.of(pilot));
      assertThat(Pilots.ended(element, pilot))
          .isEqualTo(PilotReport.of(PilotState.ABORTED, "cancelled"));
    }
  }

  @Test
  void noNodeFits() {
    try (ComputingElement element =
        RealCluster.place("privileged").open("NodeSelector", "nowhere=true")) {
      PilotReference pilot = sent(element, pilots.script("exit 0\n"));
      told(element, pilot, PilotState.WAITING, "Unschedulable: 0/1 nodes are available");
      assertThat(element.output(pilot, 1000).log()).contains("FailedScheduling");
      element.cancel(List.of(pilot));
      assertThat(Pilots.ended(element, pilot).reason()).isEqualTo("cancelled");
    }
  }

  @Test
  void purgedPilotLeavesNothing() {
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element = place.open()) {
      PilotReference pilot = sent(element, pilots.script("exit 0\n"));
      Pilots.ended(element, pilot);
      assertThat(admin().has(place.path("secrets", pilot.value()))).isTrue();
      String pod = pod(place, pilot);
      element.purge(List.of(pilot));
      Shell.eventually(
          "nothing is left",
          PATIENCE,
          () ->
              !admin().has(place.path("jobs", pilot.value()))
                  && !admin().has(place.path("secrets", pilot.value()))
                  && !admin().has(place.path("pods", pod)));
    }
  }

  @Test
  void clusterClearsAwayWhatIsNotKept() {
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element = place.open("KeepHours", "0")) {
      PilotReference pilot = sent(element, pilots.script("exit 0\n"));
      told(element, pilot, PilotState.UNKNOWN, "no Job of this name");
      Shell.eventually(
          "its Secret goes with it",
          PATIENCE,
          () -> !admin().has(place.path("secrets", pilot.value())));
    }
  }

  @Test
  void apiServerIsAwayForAWhile() {
    KubernetesCluster cluster = RealCluster.get();
    try (ComputingElement element = RealCluster.place("privileged").open()) {
      // Long enough to be seen running, whoever holds us up.
      PilotReference pilot = sent(element, pilots.script("sleep 20; echo survived\n"));
      Pilots.await(element, pilot, PilotState.RUNNING);
      cluster.stopApiServer();
      PilotSubmission another = pilots.script("exit 0\n");
      try {
        assertThatThrownBy(() -> element.status(List.of(pilot)))
            .isInstanceOf(TemporaryException.class)
            .hasMessageContaining("nobody listens there");
        assertThat(element.submit(List.of(another)).getFirst())
            .isInstanceOfSatisfying(
                SubmitResult.Refused.class,
                refused -> assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY));
      } finally {
        cluster.startApiServer();
      }
      assertThat(Pilots.ended(element, pilot).state()).isEqualTo(PilotState.DONE);
      assertThat(element.output(pilot, 1000).standardOutput()).isEqualTo("survived\n");
      assertThat(Pilots.ended(element, sent(element, another)).state()).isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void evictedPilotIsAborted() {
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element = place.open()) {
      PilotReference pilot = sent(element, pilots.script(LONG));
      Pilots.await(element, pilot, PilotState.RUNNING);
      String pod = pod(place, pilot);
      admin()
          .create(
              place.path("pods", pod) + "/eviction",
              """
              apiVersion: policy/v1
              kind: Eviction
              metadata: {name: %s, namespace: %s}
              """
                  .formatted(pod, place.namespace()));
      assertAbortedByTheCluster(element, pilot);
    }
  }

  @Test
  void pilotThatGivesWayToAMoreImportantOneIsAborted() {
    admin()
        .create(
            "/apis/scheduling.k8s.io/v1/priorityclasses",
            """
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: first}
            value: 1000
            """);
    RealCluster.Place place = RealCluster.place("privileged");
    try (ComputingElement element = place.open();
        ComputingElement first = place.open("PriorityClass", "first")) {
      PilotReference pilot = sent(element, pilots.script(LONG, whole()));
      Pilots.await(element, pilot, PilotState.RUNNING);
      PilotReference better = sent(first, pilots.script("exit 0\n", whole()));
      assertAbortedByTheCluster(element, pilot);
      assertThat(Pilots.ended(first, better).state()).isEqualTo(PilotState.DONE);
    }
  }

  private static void assertAbortedByTheCluster(ComputingElement element, PilotReference pilot) {
    PilotReport report = Pilots.ended(element, pilot);
    assertThat(report.state()).isEqualTo(PilotState.ABORTED);
    assertThat(report.reason()).contains("DisruptionTarget");
  }

  @Test
  void pilotOverItsWallTimeIsAbortedAndLeavesItsOutput() {
    // It counts from the moment at which the node takes the pod, and includes its beginning.
    PilotSubmission.Size brief =
        new PilotSubmission.Size(1, 0, 0, 1, false, Duration.ofSeconds(60));
    try (ComputingElement element = RealCluster.place("privileged").open()) {
      PilotReference pilot = sent(element, pilots.script(LONG, brief));
      Pilots.await(element, pilot, PilotState.RUNNING);
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).isEqualTo(PilotState.ABORTED);
      assertThat(report.reason()).startsWith("DeadlineExceeded");
      assertThat(element.output(pilot, 1000).standardOutput()).isEqualTo("begun\n");
    }
  }

  @Test
  void pilotOverItsMemoryIsAborted() {
    try (ComputingElement element = RealCluster.place("privileged").open("MemoryMb", "50")) {
      PilotReference pilot =
          sent(element, pilots.script("x=$(head -c 200000000 /dev/zero | tr '\\0' a)\n"));
      PilotReport report = Pilots.ended(element, pilot);
      assertThat(report.state()).as("%s", report).isEqualTo(PilotState.ABORTED);
      assertThat(report.reason()).startsWith("OOMKilled");
    }
  }
}
