package org.spinor.cli.jobs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.client.Condition;
import org.spinor.client.Jobs;

/**
 * How many jobs of a set are in which status.
 *
 * @param counts statuses without jobs are left out
 */
public record JobCounts(Map<JobStatus, Long> counts) {
  private static final int BAR = 30;

  public JobCounts {
    counts = Map.copyOf(counts);
  }

  /** Asks the server. */
  public static JobCounts ask(Jobs jobs, List<Condition> conditions) {
    Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    jobs.summary(List.of("Status"), conditions)
        .forEach(
            row ->
                counts.merge(
                    JobStatus.valueOf(row.path("Status").asString()),
                    row.path("count").asLong(),
                    Long::sum));
    return new JobCounts(counts);
  }

  public long of(JobStatus status) {
    return counts.getOrDefault(status, 0L);
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Jobs of which nothing more is to be expected. */
  public long ended() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().isFinal())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  public boolean allEnded() {
    return ended() == total();
  }

  /** One line each with a bar, for a terminal. */
  public List<String> bars(Terminal terminal) {
    long total = total();
    List<String> lines = new ArrayList<>();
    for (JobStatus status : JobStatus.values()) {
      long count = of(status);
      if (count > 0) {
        int full = (int) Math.max(1, BAR * count / total);
        lines.add(
            String.format(Locale.ROOT, "  %-12s %,9d  ", status, count)
                + terminal.styledErr(Style.ofStatus(status.name()), "#".repeat(full)));
      }
    }
    return lines;
  }

  /** In one line. */
  public String text() {
    return List.of(JobStatus.values()).stream()
        .filter(status -> of(status) > 0)
        .map(status -> String.format(Locale.ROOT, "%s %,d", status, of(status)))
        .collect(Collectors.joining(", "));
  }
}
