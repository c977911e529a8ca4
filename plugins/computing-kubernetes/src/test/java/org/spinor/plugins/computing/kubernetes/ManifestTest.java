package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.PilotSubmission;

class ManifestTest {
  private static final PilotSubmission PILOT =
      new PilotSubmission(
          "Ab1",
          "vo.example.org",
          "#!/bin/sh\n",
          Map.of("PRICE", "$(HOME) costs $5"),
          List.of(new PilotSubmission.InputFile("token", "very secret", true)),
          new PilotSubmission.Size(8, 16_000, 2, 1, false, Duration.ofHours(2)));

  private static Manifest manifest(String... pairs) {
    Map<String, String> given = new HashMap<>(Map.of("Image", "registry.test/pilot:1"));
    for (int i = 0; i < pairs.length; i += 2) {
      given.put(pairs[i], pairs[i + 1]);
    }
    return new Manifest(
        Settings.of(Parameters.of(Settings.parameters(), given)), Map.of(Names.QUEUE, "q"));
  }

  private static PodSpec pod(String... pairs) {
    return manifest(pairs).job(PILOT).getSpec().getTemplate().getSpec();
  }

  private static Container container(String... pairs) {
    return pod(pairs).getContainers().getFirst();
  }

  @Test
  void jobRunsOnePodOnce() {
    Job job = manifest("KeepHours", "1").job(PILOT);
    assertThat(job.getMetadata().getName()).isEqualTo(Names.job("Ab1"));
    assertThat(job.getMetadata().getLabels())
        .containsEntry(Names.QUEUE, "q")
        .containsEntry(Names.STAMP, "Ab1")
        .containsEntry(Names.VO, "vo.example.org");
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getCompletions()).isEqualTo(1);
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
    assertThat(job.getSpec().getPodFailurePolicy().getRules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getAction()).isEqualTo("FailJob");
              assertThat(rule.getOnPodConditions())
                  .singleElement()
                  .satisfies(on -> assertThat(on.getType()).isEqualTo("DisruptionTarget"));
            });
    assertThat(job.getSpec().getActiveDeadlineSeconds()).as("that is for cancelling").isNull();
    assertThat(pod().getRestartPolicy()).isEqualTo("Never");
    assertThat(pod().getActiveDeadlineSeconds()).isEqualTo(7200);
    assertThat(pod().getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void sizeIsRequestAndLimit() {
    Map<String, Quantity> asked =
        Map.of("cpu", new Quantity("8"), "memory", new Quantity("16000Mi"));
    assertThat(container().getResources().getRequests()).isEqualTo(asked);
    assertThat(container().getResources().getLimits())
        .containsAllEntriesOf(asked)
        .containsEntry("nvidia.com/gpu", new Quantity("2"));
    assertThat(
            container("LimitCores", "no", "GpuResource", "amd.com/gpu", "DiskGb", "20")
                .getResources()
                .getLimits())
        .containsOnlyKeys("memory", "amd.com/gpu", "ephemeral-storage");
    assertThat(pod().getInitContainers().getFirst().getResources())
        .as("what a quota asks of each container")
        .isEqualTo(container().getResources());
  }

  @Test
  void secretsStandInTheSecretAloneAndOnlyTheFirstContainerSeesIt() {
    Job job = manifest().job(PILOT);
    job.getMetadata().setUid("u-1");
    assertThat(Serialization.asJson(job)).doesNotContain("very secret");
    Secret secret = manifest().secret(PILOT, job);
    assertThat(secret.getStringData())
        .isEqualTo(Map.of("token", "very secret", "pilot.sh", "#!/bin/sh\n"));
    assertThat(secret.getMetadata().getOwnerReferences())
        .extracting("kind", "name", "uid")
        .containsExactly(org.assertj.core.api.Assertions.tuple("Job", Names.job("Ab1"), "u-1"));
    assertThat(container().getVolumeMounts()).extracting("name").containsExactly("spinor");
    assertThat(pod().getInitContainers().getFirst().getVolumeMounts())
        .extracting("name")
        .containsExactly("spinor", "files");
  }

  @Test
  void valuesOfVariablesStayAsTheyAre() {
    assertThat(container().getEnv().getFirst().getValue()).isEqualTo("$$(HOME) costs $$5");
  }

  @Test
  void securityFollowsTheStandards() {
    assertThat(container().getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container("Security", "restricted").getSecurityContext().getCapabilities().getDrop())
        .containsExactly("ALL");
    PodSpec restricted = pod("Security", "restricted", "RunAsUser", "1000");
    assertThat(restricted.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(restricted.getSecurityContext().getRunAsUser()).isEqualTo(1000);
    assertThat(restricted.getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
    assertThat(container("Security", "privileged").getSecurityContext().getPrivileged()).isTrue();
  }

  @Test
  void placeIsAsConfigured() {
    PodSpec pod =
        pod(
            "NodeSelector", "a=b",
            "Tolerations", "gpu:NoSchedule",
            "PriorityClass", "low",
            "RuntimeClass", "nvidia",
            "ServiceAccount", "pilots",
            "ImagePullSecrets", "registry",
            "Volumes", "csi:cvmfs.csi.cern.ch:/cvmfs");
    assertThat(pod.getNodeSelector()).isEqualTo(Map.of("a", "b"));
    assertThat(pod.getTolerations()).hasSize(1);
    assertThat(pod.getPriorityClassName()).isEqualTo("low");
    assertThat(pod.getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(pod.getServiceAccountName()).isEqualTo("pilots");
    assertThat(pod.getImagePullSecrets()).extracting("name").containsExactly("registry");
    assertThat(pod.getVolumes().getLast().getCsi().getDriver()).isEqualTo("cvmfs.csi.cern.ch");
    assertThat(pod.getContainers().getFirst().getVolumeMounts().getLast())
        .extracting("mountPath", "readOnly", "mountPropagation")
        .containsExactly("/cvmfs", true, "HostToContainer");
    assertThat(pod().getServiceAccountName()).isNull();
    assertThat(pod().getPriorityClassName()).isNull();
  }
}
