package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kubernetes with fabric8's mock server as its API server. What a cluster does with Jobs is done
 * here: the controller makes a pod for each, the node runs its containers as processes of this host
 * in folders of their own, and both write down what becomes of it.
 */
final class FakeCluster implements AutoCloseable {
  static final String NAMESPACE = "pilots";
  private static final long TICK = 20;

  private final FakeApiServer server;
  private final KubernetesClient client;
  private final Path folder;
  private final Map<String, FakePod> running = new ConcurrentHashMap<>();
  private final Thread controller;
  private volatile boolean stopped;

  FakeCluster(Path folder) {
    this.folder = folder;
    this.server = new FakeApiServer(this::log);
    this.client = server.client();
    this.controller = Thread.ofVirtual().start(this::control);
  }

  FakeApiServer server() {
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  private void control() {
    while (!stopped) {
      try {
        for (Job job : client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems()) {
          control(job);
        }
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      } catch (KubernetesClientException e) {
        // Somebody else has written at the same time: once more.
      }
    }
  }

  private void control(Job job) {
    String name = job.getMetadata().getName();
    if (Verdict.hasEnded(job)) {
      return;
    }
    FakePod pod = running.get(name);
    if (pod == null) {
      create(job);
    } else if (job.getSpec().getActiveDeadlineSeconds() != null) {
      pod.kill();
      client.pods().inNamespace(NAMESPACE).withName(pod.name()).delete();
      finish(name, "Failed", "DeadlineExceeded");
    } else {
      pod.step();
      client
          .pods()
          .inNamespace(NAMESPACE)
          .withName(pod.name())
          .editStatus(old -> new PodBuilder(old).withStatus(pod.status()).build());
      if (pod.hasEnded()) {
        boolean well = "Succeeded".equals(pod.status().getPhase());
        finish(name, well ? "Complete" : "Failed", well ? "" : "BackoffLimitExceeded");
      }
    }
  }

  private void create(Job job) {
    String name = job.getMetadata().getName();
    Pod pod =
        new PodBuilder()
            .withMetadata(job.getSpec().getTemplate().getMetadata())
            .editMetadata()
            .withName(name + "-abcde")
            .addToLabels("job-name", name)
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .editSpec()
            .withNodeName("node-1")
            .endSpec()
            .build();
    client.pods().inNamespace(NAMESPACE).resource(pod).create();
    running.put(name, new FakePod(pod, folder.resolve(name), client));
  }

  private void finish(String job, String type, String reason) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(NAMESPACE)
        .withName(job)
        .editStatus(
            old -> {
              old.setStatus(
                  new io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder()
                      .withConditions(
                          new JobConditionBuilder()
                              .withType(type)
                              .withStatus("True")
                              .withReason(reason)
                              .build())
                      .build());
              return old;
            });
  }

  private byte[] log(String pod) {
    for (FakePod each : List.copyOf(running.values())) {
      if (each.name().equals(pod)) {
        try {
          return each.log();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new byte[0];
  }

  @Override
  public void close() {
    stopped = true;
    try {
      controller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.values().forEach(FakePod::kill);
    client.close();
    server.close();
  }
}
