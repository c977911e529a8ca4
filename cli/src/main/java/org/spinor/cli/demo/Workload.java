package org.spinor.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.cli.jobs.Submission;
import org.spinor.cli.session.Context;
import org.spinor.client.Condition;
import org.spinor.client.SpinorClient;
import tools.jackson.databind.JsonNode;

/**
 * The jobs of one run of the demo: those of an earlier run have another JobGroup and do not count.
 */
final class Workload {
  private final Context context;
  private final SpinorClient client;
  private final String group;
  private final Map<Example, List<JobId>> ids = new EnumMap<>(Example.class);

  /**
   * @param group the JobGroup that marks the jobs of this run
   */
  Workload(Context context, SpinorClient client, String group) {
    this.context = context;
    this.client = client;
    this.group = group;
  }

  /** Submits an example; {@code count} is for the one with many jobs. */
  void submit(Example example, Path examples, int count) throws IOException {
    Path description = example.description(examples);
    List<String> changes = new ArrayList<>();
    changes.add("JobGroup = \"" + group + "\"");
    changes.add("JobName = \"" + example.title() + "\"");
    if (example == Example.SHOWER) {
      changes.add("Parameters = " + count);
    }
    Submission submission = new Submission(context, client);
    submission.add(
        description.toString(),
        Files.readString(description),
        changes,
        description.resolveSibling(""));
    ids.put(example, submission.send().stream().map(InsertedJob::jobId).toList());
  }

  List<JobId> of(Example example) {
    return ids.getOrDefault(example, List.of());
  }

  JobId only(Example example) {
    return of(example).getFirst();
  }

  long size() {
    return ids.values().stream().mapToLong(List::size).sum();
  }

  String group() {
    return group;
  }

  /** Asks how many jobs of each example are in which status. */
  Progress progress() {
    Map<Example, Map<JobStatus, Long>> counts = new EnumMap<>(Example.class);
    for (JsonNode row :
        client
            .jobs()
            .summary(List.of("JobName", "Status"), List.of(Condition.equal("JobGroup", group)))) {
      for (Example example : Example.values()) {
        if (example.title().equals(row.path("JobName").asString())) {
          counts
              .computeIfAbsent(example, _ -> new EnumMap<>(JobStatus.class))
              .merge(
                  JobStatus.valueOf(row.path("Status").asString()),
                  row.path("count").asLong(),
                  Long::sum);
        }
      }
    }
    return new Progress(counts);
  }

  /** How many jobs of each example are in which status. */
  record Progress(Map<Example, Map<JobStatus, Long>> counts) {
    Progress {
      counts = Map.copyOf(counts);
    }

    long of(Example example, JobStatus status) {
      return counts.getOrDefault(example, Map.of()).getOrDefault(status, 0L);
    }

    long total(Example example) {
      return counts.getOrDefault(example, Map.of()).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }

    /** Jobs of which nothing more is to be expected. */
    long ended(Example example) {
      return counts.getOrDefault(example, Map.of()).entrySet().stream()
          .filter(entry -> entry.getKey().isFinal())
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    long done() {
      return counts.values().stream()
          .mapToLong(statuses -> statuses.getOrDefault(JobStatus.Done, 0L))
          .sum();
    }

    /** Whether only those jobs are left that were never to run. */
    boolean complete() {
      for (Example example : counts.keySet()) {
        if (example.expectation() != Example.Expectation.WAITING
            && ended(example) < total(example)) {
          return false;
        }
      }
      return true;
    }
  }
}
