package org.spinor.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.spinor.api.Explanation;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.jobs.OutputFetcher;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.Patience;
import org.spinor.client.Jobs;
import org.spinor.client.SpinorClient;

/** Submits the examples, watches them, looks at what came of each. */
final class DemoRun {
  /** The longest that the jobs may take, before the demo calls it a failure; more for more jobs. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final Duration LIMIT_PER_JOB = Duration.ofMillis(600);
  private static final Duration AWAY = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(400);

  private final Context context;
  private final SpinorClient client;
  private final Narrator narrator;
  private final Workload workload;
  private final Path results;
  private final Instant start;
  private final List<String> problems = new ArrayList<>();
  private int explained;
  private @Nullable Double firstOutput;
  private @Nullable Double xmax;

  /**
   * @param data the demo's folder; results go into one of its own
   * @param start of the demo: all times count from here
   */
  DemoRun(
      Context context,
      SpinorClient client,
      Narrator narrator,
      Workload workload,
      Path data,
      Instant start) {
    this.context = context;
    this.client = client;
    this.narrator = narrator;
    this.workload = workload;
    this.results = data.resolve("results").resolve(workload.group());
    this.start = start;
  }

  /** The number of the first job, for the commands to try. */
  String firstJob() {
    return workload.only(Example.HELLO).toString();
  }

  /**
   * @param server its address, for the report
   * @param serves whether the server still runs
   */
  DemoReport run(Path examples, int showers, URI server, BooleanSupplier serves)
      throws IOException, InterruptedException {
    Instant submitted = context.clock().instant();
    for (Example example : Example.values()) {
      workload.submit(example, examples, showers);
    }
    narrator.say(
        String.format("submitted %,d jobs in %.1f s", workload.size(), secondsSince(submitted)));
    Workload.Progress progress = watch(serves, showers);
    double seconds = secondsSince(submitted);
    lookAtRunstuff(progress);
    lookAtFailure(progress);
    lookAtImpossible(progress);
    mergeShowers(progress);
    long failed = progress.of(Example.FAILING, JobStatus.Failed);
    return new DemoReport(
        problems.isEmpty(),
        workload.size(),
        progress.done(),
        failed,
        explained,
        firstOutput,
        DemoReport.rounded(secondsSince(start)),
        DemoReport.rounded(progress.ended(Example.SHOWER) / seconds),
        xmax,
        server.toString(),
        problems);
  }

  private Workload.Progress watch(BooleanSupplier serves, int showers) throws InterruptedException {
    Instant began = context.clock().instant();
    Patience patience = new Patience(context.clock(), AWAY);
    Workload.Progress last = workload.progress();
    Duration limit = LIMIT.plus(LIMIT_PER_JOB.multipliedBy(showers));
    try (DemoView view = new DemoView(context)) {
      while (true) {
        Workload.Progress progress = patience.ask(workload::progress).orElse(last);
        last = progress;
        if (firstOutput == null && progress.of(Example.HELLO, JobStatus.Done) > 0) {
          fetchFirstOutput();
        }
        Duration elapsed = Duration.between(began, context.clock().instant());
        view.show(progress, elapsed);
        if (progress.complete()) {
          view.keep();
          return progress;
        }
        if (elapsed.compareTo(limit) > 0) {
          problems.add("not all jobs had ended after " + limit.toMinutes() + " minutes");
          view.keep();
          return progress;
        }
        if (!serves.getAsBoolean()) {
          problems.add("the server ended while the jobs ran");
          view.keep();
          return progress;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private void fetchFirstOutput() {
    Optional<String> text = output(workload.only(Example.HELLO), "std.out");
    if (text.isPresent()) {
      firstOutput = DemoReport.rounded(secondsSince(start));
    }
  }

  private void lookAtRunstuff(Workload.Progress progress) {
    expectDone(progress, Example.HELLO);
    expectDone(progress, Example.RUNSTUFF);
    JobId hello = workload.only(Example.HELLO);
    narrator.heading("hello (job " + hello + ") wrote");
    output(hello, "std.out").ifPresent(narrator::quote);
    if (progress.of(Example.RUNSTUFF, JobStatus.Done) > 0) {
      JobId id = workload.only(Example.RUNSTUFF);
      narrator.heading("runstuff (job " + id + ") wrote");
      Optional<String> said = output(id, "std.out");
      said.ifPresent(narrator::quote);
      if (said.isEmpty() || !Files.exists(folder(id).resolve("factors.txt"))) {
        problems.add("runstuff is Done, but its output sandbox lacks std.out or factors.txt");
      }
    }
  }

  private void lookAtFailure(Workload.Progress progress) {
    JobId id = workload.only(Example.FAILING);
    if (progress.of(Example.FAILING, JobStatus.Failed) != 1) {
      problems.add("failing (job " + id + ") was to fail and did not");
      return;
    }
    List<Jobs.LogRecord> log = client.jobs().logging(id);
    Jobs.LogRecord last = log.getLast();
    String said = output(id, "std.err").map(String::strip).orElse("");
    narrator.heading("failing (job " + id + ") failed, as it was to");
    narrator.quote(last.minorStatus() + "; " + last.applicationStatus());
    if (!said.isEmpty()) {
      narrator.quote("its std.err ends: " + said.lines().reduce((_, line) -> line).orElse(""));
    }
    boolean codeKnown =
        log.stream()
                .anyMatch(entry -> (entry.minorStatus() + entry.applicationStatus()).contains("42"))
            || client.jobs().parameters(id).values().stream()
                .anyMatch(value -> value.contains("42"));
    if (codeKnown && said.contains("no such file")) {
      explained++;
    } else {
      problems.add(
          "failing (job " + id + "): neither its exit code 42 nor its message can be found");
    }
  }

  private void lookAtImpossible(Workload.Progress progress) {
    JobId id = workload.only(Example.IMPOSSIBLE);
    Explanation explanation = client.jobs().explain(id);
    narrator.heading(
        "impossible (job " + id + ") waits: " + explanation.verdict().replace('_', ' '));
    narrator.quote(explanation.summary());
    explanation.clauses().stream()
        .filter(clause -> clause.queuesRefused() > 0)
        .forEach(clause -> narrator.quote("- " + clause.text()));
    boolean waits = progress.of(Example.IMPOSSIBLE, JobStatus.Waiting) == 1;
    if (waits && explanation.verdict().equals("no_resource")) {
      explained++;
    } else {
      problems.add(
          "impossible (job "
              + id
              + ") was to wait for want of a resource; the explanation says "
              + explanation.verdict());
    }
  }

  private void mergeShowers(Workload.Progress progress) {
    expectDone(progress, Example.SHOWER);
    List<JobId> ids = workload.of(Example.SHOWER);
    List<OutputFetcher.Fetched> fetched;
    try (LiveView view = new LiveView(context.terminal(), context.clock())) {
      fetched =
          new OutputFetcher(client, false)
              .fetch(
                  ids,
                  this::folder,
                  through -> view.progress("fetching results", through, ids.size()));
    }
    List<Shower> showers = new ArrayList<>();
    for (OutputFetcher.Fetched one : fetched) {
      read(folder(one.id()).resolve("shower.txt"))
          .map(text -> text.lines().toList())
          .flatMap(Shower::parse)
          .ifPresent(showers::add);
    }
    if (showers.size() < ids.size()) {
      problems.add("of " + ids.size() + " showers only " + showers.size() + " brought a result");
    }
    if (!showers.isEmpty()) {
      ShowerStatistics statistics = ShowerStatistics.of(showers);
      xmax = DemoReport.rounded(statistics.meanMaximum());
      narrator.heading("the showers, merged");
      statistics.picture(context.terminal().isUnicode()).forEach(narrator::say);
    }
  }

  private void expectDone(Workload.Progress progress, Example example) {
    long total = workload.of(example).size();
    long done = progress.of(example, JobStatus.Done);
    if (done < total) {
      problems.add(
          String.format("%s: %,d of %,d jobs are Done", example.title(), done, total)
              + ", the others: "
              + progress.counts().get(example));
    }
  }

  /** A file of a job's output sandbox; empty where it is not there. */
  private Optional<String> output(JobId id, String file) {
    Path folder = folder(id);
    if (!Files.exists(folder)) {
      new OutputFetcher(client, false).fetch(List.of(id), _ -> folder, _ -> {});
    }
    return read(folder.resolve(file));
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path folder(JobId id) {
    return results.resolve(id.toString());
  }

  private double secondsSince(Instant instant) {
    return Duration.between(instant, context.clock().instant()).toMillis() / 1000.0;
  }
}
