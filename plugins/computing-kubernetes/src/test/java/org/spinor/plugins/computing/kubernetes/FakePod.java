package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod as processes of this host: its folders stand below one of ours. */
final class FakePod {
  private final Pod pod;
  private final Path folder;
  private final KubernetesClient client;
  private @Nullable Process placing;
  private @Nullable Process pilot;
  private PodStatus status = new PodStatusBuilder().withPhase("Pending").build();

  FakePod(Pod pod, Path folder, KubernetesClient client) {
    this.pod = pod;
    this.folder = folder;
    this.client = client;
  }

  String name() {
    return pod.getMetadata().getName();
  }

  PodStatus status() {
    return status;
  }

  boolean hasEnded() {
    return status.getPhase().equals("Succeeded") || status.getPhase().equals("Failed");
  }

  byte[] log() throws IOException {
    Path log = folder.resolve("pilot.log");
    return Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
  }

  /** Goes on as far as it can go now. */
  void step() {
    try {
      if (placing == null) {
        Secret secret =
            client
                .secrets()
                .inNamespace(FakeCluster.NAMESPACE)
                .withName(pod.getSpec().getVolumes().get(1).getSecret().getSecretName())
                .get();
        if (secret != null) {
          mount(secret);
          placing = start(pod.getSpec().getInitContainers().getFirst());
        }
      } else if (pilot == null && !placing.isAlive()) {
        if (placing.exitValue() == 0) {
          pilot = start(pod.getSpec().getContainers().getFirst());
          status = new PodStatusBuilder().withPhase("Running").build();
        } else {
          status = new PodStatusBuilder().withPhase("Failed").build();
        }
      } else if (pilot != null && !pilot.isAlive()) {
        ended(pilot.exitValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the kubelet does: links into a folder, readable as the volume says. */
  private void mount(Secret secret) throws IOException {
    Path files = Files.createDirectories(folder.resolve("files/..data"));
    Files.createDirectories(folder.resolve("root"));
    Map<String, String> content = new HashMap<>();
    if (secret.getStringData() != null) {
      content.putAll(secret.getStringData());
    }
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach(
              (name, data) ->
                  content.put(
                      name, new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)));
    }
    for (Map.Entry<String, String> file : content.entrySet()) {
      Path target = Files.writeString(files.resolve(file.getKey()), file.getValue());
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));
      Files.createSymbolicLink(
          folder.resolve("files").resolve(file.getKey()), Path.of("..data", file.getKey()));
    }
  }

  private Process start(Container container) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            container.getCommand().stream()
                .map(word -> word.replace("/spinor-files", folder + "/files"))
                .map(word -> word.replace("/spinor", folder + "/root"))
                .toList());
    builder.environment().keySet().retainAll(java.util.Set.of("PATH"));
    for (EnvVar variable : container.getEnv()) {
      builder.environment().put(variable.getName(), expanded(variable.getValue()));
    }
    return builder
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(container.getName() + ".log").toFile())
        .start();
  }

  /** As Kubernetes reads values: {@code $$} is a dollar sign, and names in parentheses are lost. */
  private static String expanded(String value) {
    return value.replaceAll("(?<!\\$)\\$\\([A-Za-z_]+\\)", "").replace("$$", "$");
  }

  private void ended(int code) {
    ContainerStatus container =
        new ContainerStatusBuilder()
            .withName("pilot")
            .withNewState()
            .withNewTerminated()
            .withExitCode(code)
            .withReason(code == 0 ? "Completed" : "Error")
            .endTerminated()
            .endState()
            .build();
    status =
        new PodStatusBuilder()
            .withPhase(code == 0 ? "Succeeded" : "Failed")
            .withContainerStatuses(container)
            .build();
  }

  void kill() {
    for (Process process : new Process[] {placing, pilot}) {
      if (process != null) {
        process.destroy();
        try {
          process.onExit().get(10, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException
            | java.util.concurrent.ExecutionException
            | java.util.concurrent.TimeoutException e) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
      }
    }
  }
}
