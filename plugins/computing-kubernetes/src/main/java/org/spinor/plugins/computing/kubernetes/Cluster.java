package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotSubmission;

/** What is asked of the API server, in one namespace. */
final class Cluster {
  private static final long PAGE = 500;
  private static final int MOST_PAGES = 1000;

  /** A Job that has no pod after so long has a reason for it. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String JOB_NAME = "job-name";

  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;

  Cluster(KubernetesClient client, String namespace, InstantSource clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  /** Makes the Job and its Secret where they are not there, and gives the Job's name. */
  String create(PilotSubmission pilot, Manifest manifest) {
    return ask(
        () -> {
          Job job = jobOf(pilot, manifest);
          // The pod waits for the Secret; a Job that lost its Secret on the way gets it now.
          if (!Verdict.hasEnded(job) && !Verdict.isCancelled(job)) {
            unlessThere(
                () ->
                    client
                        .secrets()
                        .inNamespace(namespace)
                        .resource(manifest.secret(pilot, job))
                        .create());
          }
          return Names.job(pilot.stamp());
        });
  }

  private Job jobOf(PilotSubmission pilot, Manifest manifest) {
    Job wanted = manifest.job(pilot);
    Job made =
        unlessThere(
            () -> client.batch().v1().jobs().inNamespace(namespace).resource(wanted).create());
    Job job =
        made != null
            ? made
            : client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(wanted.getMetadata().getName())
                .get();
    if (job == null || job.getMetadata() == null || job.getMetadata().getUid() == null) {
      throw new TemporaryException("the Job was there, and is gone");
    }
    return job;
  }

  private static <T> @Nullable T unlessThere(Supplier<T> creation) {
    try {
      return creation.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == Failures.CONFLICT) {
        return null;
      }
      throw e;
    }
  }

  /** All pilots with these labels, by the names of their Jobs. */
  Map<String, PilotReport> reports(Map<String, String> labels) {
    return ask(
        () -> {
          List<Job> jobs =
              all(Job.class, client.batch().v1().jobs().inNamespace(namespace).withLabels(labels));
          Map<String, Pod> pods = new LinkedHashMap<>();
          if (!jobs.isEmpty()) {
            all(Pod.class, client.pods().inNamespace(namespace).withLabels(labels))
                .forEach(pod -> jobOf(pod).ifPresent(job -> pods.merge(job, pod, Cluster::newer)));
          }
          Map<String, String> troubles = troubles(jobs, pods);
          Map<String, PilotReport> reports = new LinkedHashMap<>();
          for (Job job : jobs) {
            String name = job.getMetadata().getName();
            reports.put(
                name,
                Verdict.of(
                    job, Optional.ofNullable(pods.get(name)), troubles.getOrDefault(name, "")));
          }
          return reports;
        });
  }

  private static Optional<String> jobOf(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels()).map(labels -> labels.get(JOB_NAME));
  }

  private static Pod newer(Pod a, Pod b) {
    return created(a).isAfter(created(b)) ? a : b;
  }

  private static Instant created(HasMetadata resource) {
    return time(resource.getMetadata().getCreationTimestamp());
  }

  /** The epoch for what is no time. */
  private static Instant time(@Nullable String text) {
    try {
      return text == null ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  /** Why Jobs have no pods although they should: quotas, policies, webhooks. By the Job's name. */
  private Map<String, String> troubles(List<Job> jobs, Map<String, Pod> pods) {
    Instant soon = clock.instant().minus(SOON);
    boolean any =
        jobs.stream()
            .filter(job -> !Verdict.hasEnded(job))
            .filter(job -> !pods.containsKey(job.getMetadata().getName()))
            .anyMatch(job -> created(job).isBefore(soon));
    Map<String, String> troubles = new LinkedHashMap<>();
    if (any) {
      for (Event event : events("reason", "FailedCreate")) {
        if (event.getInvolvedObject() != null
            && event.getInvolvedObject().getName() != null
            && "FailedCreate".equals(event.getReason())) {
          troubles.put(event.getInvolvedObject().getName(), String.valueOf(event.getMessage()));
        }
      }
    }
    return troubles;
  }

  /** Events are a help, not a need: an account that may not see them does without. */
  private List<Event> events(String field, String value) {
    try {
      return all(Event.class, client.v1().events().inNamespace(namespace).withField(field, value))
          .stream()
          .sorted(Comparator.comparing(Cluster::time))
          .toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 403) {
        return List.of();
      }
      throw e;
    }
  }

  private static Instant time(Event event) {
    Instant last = time(event.getLastTimestamp());
    return last.equals(Instant.EPOCH) ? created(event) : last;
  }

  /** Page by page; without what has no name. */
  private static <T extends HasMetadata, L extends KubernetesResourceList<T>> List<T> all(
      Class<T> type, Listable<L> listable) {
    List<T> all = new ArrayList<>();
    String next = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      ListOptions options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      L list = listable.list(options);
      if (list == null || list.getItems() == null) {
        throw new TemporaryException(
            "the API server's list of " + type.getSimpleName() + "s is none");
      }
      list.getItems().stream()
          .filter(item -> item != null && item.getMetadata() != null)
          .filter(item -> item.getMetadata().getName() != null)
          .forEach(all::add);
      next = list.getMetadata() == null ? null : list.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        return all;
      }
    }
    throw new TemporaryException("the API server's list has no end");
  }

  /** Has the Job ended by the cluster: it stays, and so is known to have been. */
  boolean cancel(String name, Instant now) {
    return ask(
        () -> {
          try {
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    """
                    {"metadata":{"annotations":{"%s":"%s"}},"spec":{"activeDeadlineSeconds":1}}"""
                        .formatted(Names.CANCELLED, now));
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == Failures.NOT_FOUND) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Removes the Job; its pod and its Secret go with it. */
  boolean remove(String name) {
    return ask(
        () ->
            !client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete()
                .isEmpty());
  }

  PilotOutput output(String job, int maxBytes) {
    return ask(
        () -> {
          Optional<Pod> pod =
              all(Pod.class, client.pods().inNamespace(namespace).withLabel(JOB_NAME, job)).stream()
                  .reduce(Cluster::newer);
          Outputs outputs = new Outputs(new Tail(maxBytes), new Tail(maxBytes));
          List<Event> events = new ArrayList<>(events("involvedObject.name", job));
          if (pod.isPresent()) {
            String name = pod.get().getMetadata().getName();
            outputs = logs(name, maxBytes);
            events.addAll(events("involvedObject.name", name));
          }
          Tail log = new Tail(maxBytes);
          for (byte b : text(events).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            log.write(b);
          }
          return new PilotOutput(
              outputs.out().text(),
              outputs.err().text(),
              log.text(),
              outputs.out().isTruncated() || outputs.err().isTruncated() || log.isTruncated());
        });
  }

  private Outputs logs(String pod, int maxBytes) {
    try {
      return Outputs.read(PodLog.of(client, namespace, pod), maxBytes);
    } catch (IOException e) {
      throw new TemporaryException("the output broke off: " + e.getMessage(), e);
    } catch (KubernetesClientException e) {
      // The container has not begun, or its node has cleared it away.
      if (e.getCode() == 400 || e.getCode() == Failures.NOT_FOUND) {
        return new Outputs(new Tail(maxBytes), new Tail(maxBytes));
      }
      throw e;
    }
  }

  private static String text(List<Event> events) {
    return events.stream()
        .sorted(Comparator.comparing(Cluster::time))
        .map(
            event ->
                time(event)
                    + " "
                    + event.getType()
                    + " "
                    + event.getReason()
                    + ": "
                    + event.getMessage()
                    + "\n")
        .collect(Collectors.joining());
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (KubernetesClientException e) {
      throw Failures.of(e);
    }
  }
}
