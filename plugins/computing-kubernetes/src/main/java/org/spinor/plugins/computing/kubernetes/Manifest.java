package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.computing.PilotSubmission;

/** What is sent for a pilot: a Job, and a Secret with the files, which goes when the Job goes. */
final class Manifest {
  /** The container whose output is the pilot's. */
  static final String CONTAINER = "pilot";

  /** The container before it, which puts the files in place. */
  static final String PLACE = "files";

  /** The file in which the script is brought. */
  static final String SCRIPT = "pilot.sh";

  private final Settings settings;
  private final Map<String, String> queue;

  /**
   * @param queue the labels of all pilots of the queue
   */
  Manifest(Settings settings, Map<String, String> queue) {
    this.settings = settings;
    this.queue = queue;
  }

  Job job(PilotSubmission pilot) {
    String name = Names.job(pilot.stamp());
    Map<String, String> labels = labels(pilot);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels)
        .withAnnotations(settings.wishes().annotations())
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withParallelism(1)
        .withCompletions(1)
        // A pod that is being ended is not a reason for a second one beside it.
        .withPodReplacementPolicy("Failed")
        // An evicted pod is gone before anybody has read why; so the Job keeps it.
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .addNewOnPodCondition("True", "DisruptionTarget")
        .endRule()
        .endPodFailurePolicy()
        .withTtlSecondsAfterFinished(Math.toIntExact(settings.times().keep().toSeconds()))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(settings.wishes().annotations())
        .endMetadata()
        .withSpec(pod(pilot, name))
        .endTemplate()
        .endSpec()
        .build();
  }

  /** The files of the pilot of this Job. */
  Secret secret(PilotSubmission pilot, Job job) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(SCRIPT, pilot.script());
    pilot.files().forEach(file -> files.put(file.name(), file.content()));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(Names.job(pilot.stamp()))
        .withLabels(labels(pilot))
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .build())
        .endMetadata()
        .withType("Opaque")
        .withImmutable(true)
        .withStringData(files)
        .build();
  }

  private Map<String, String> labels(PilotSubmission pilot) {
    Map<String, String> labels = new LinkedHashMap<>(settings.wishes().labels());
    labels.putAll(queue);
    labels.put(Names.STAMP, pilot.stamp());
    labels.put(Names.VO, Names.label(pilot.vo()));
    return labels;
  }

  private PodSpec pod(PilotSubmission pilot, String name) {
    Settings.Pod wanted = settings.pod();
    Settings.Wishes wishes = settings.wishes();
    Duration wallTime =
        pilot.size().wallTime().isPositive()
            ? pilot.size().wallTime()
            : settings.times().wallTime();
    Volumes volumes = new Volumes(name, wanted.mounts());
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withServiceAccountName(orNothing(wanted.serviceAccount()))
        .withImagePullSecrets(wanted.pullSecrets().stream().map(LocalObjectReference::new).toList())
        // Of the pod, not of the Job: the time in the queue does not count, and the output is kept.
        .withActiveDeadlineSeconds(wallTime.isPositive() ? wallTime.toSeconds() : null)
        .withTerminationGracePeriodSeconds(settings.times().grace().toSeconds())
        .withNodeSelector(wishes.nodeSelector())
        .withTolerations(wishes.tolerations())
        .withPriorityClassName(orNothing(wishes.priorityClass()))
        .withRuntimeClassName(orNothing(wishes.runtimeClass()))
        .withSecurityContext(podSecurity())
        .withInitContainers(
            container(PLACE, Scripts.PLACE, pilot).withVolumeMounts(volumes.ofPlacing()).build())
        .withContainers(
            container(CONTAINER, Scripts.RUN, pilot)
                .withEnv(environment(pilot))
                .withVolumeMounts(volumes.ofPilot())
                .build())
        .withVolumes(volumes.all())
        .build();
  }

  private ContainerBuilder container(String name, String script, PilotSubmission pilot) {
    Container plain = new Container();
    plain.setName(name);
    plain.setImage(settings.pod().image());
    plain.setImagePullPolicy(settings.pod().pullPolicy());
    plain.setCommand(List.of("/bin/sh", "-c", script));
    plain.setResources(resources(pilot.size()));
    plain.setSecurityContext(security());
    return new ContainerBuilder(plain);
  }

  private ResourceRequirements resources(PilotSubmission.Size size) {
    Settings.Resources resources = settings.wishes().resources();
    Map<String, Quantity> requests = new LinkedHashMap<>();
    Map<String, Quantity> limits = new LinkedHashMap<>();
    Quantity cores = new Quantity(Integer.toString(Math.max(1, size.cores())));
    requests.put("cpu", cores);
    if (resources.limitCores()) {
      limits.put("cpu", cores);
    }
    long memory = size.memoryMb() > 0 ? size.memoryMb() : resources.memoryMb();
    if (memory > 0) {
      requests.put("memory", new Quantity(memory + "Mi"));
      limits.put("memory", new Quantity(memory + "Mi"));
    }
    if (resources.diskGb() > 0) {
      requests.put("ephemeral-storage", new Quantity(resources.diskGb() + "Gi"));
      limits.put("ephemeral-storage", new Quantity(resources.diskGb() + "Gi"));
    }
    if (size.gpus() > 0) {
      // Of such resources the limit is the request.
      limits.put(resources.gpu(), new Quantity(Integer.toString(size.gpus())));
    }
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  private PodSecurityContext podSecurity() {
    long user = settings.pod().runAsUser();
    PodSecurityContextBuilder context = new PodSecurityContextBuilder();
    if (user > 0) {
      context.withRunAsUser(user).withRunAsGroup(user).withFsGroup(user);
    }
    return switch (settings.pod().security()) {
      case PRIVILEGED -> context.build();
      case BASELINE -> context.withNewSeccompProfile(null, "RuntimeDefault").build();
      case RESTRICTED ->
          context.withRunAsNonRoot(true).withNewSeccompProfile(null, "RuntimeDefault").build();
    };
  }

  private SecurityContext security() {
    SecurityContextBuilder context = new SecurityContextBuilder();
    return switch (settings.pod().security()) {
      case PRIVILEGED -> context.withPrivileged(true).build();
      case BASELINE -> context.withAllowPrivilegeEscalation(false).build();
      case RESTRICTED ->
          context
              .withAllowPrivilegeEscalation(false)
              .withCapabilities(new CapabilitiesBuilder().withDrop("ALL").build())
              .build();
    };
  }

  private static List<EnvVar> environment(PilotSubmission pilot) {
    List<EnvVar> variables = new ArrayList<>();
    pilot
        .environment()
        .forEach(
            (name, value) ->
                variables.add(
                    new EnvVarBuilder()
                        .withName(name)
                        // Kubernetes replaces $(NAME) in values; a doubled sign is a plain one.
                        .withValue(value.replace("$", "$$"))
                        .build()));
    return variables;
  }

  private static @Nullable String orNothing(String text) {
    return text.isEmpty() ? null : text;
  }
}
