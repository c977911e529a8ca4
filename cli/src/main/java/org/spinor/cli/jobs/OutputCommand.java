package org.spinor.cli.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobId;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.JobSet;
import org.spinor.client.Search;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor jobs output}. */
@Command(
    name = "output",
    description = "Fetch the output sandboxes of jobs, each into a folder of its number.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs output 17",
      "  spinor jobs output 17 --cat std.out",
      "  spinor jobs output --group calibration --status Done --directory results"
    })
final class OutputCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private JobSelection selection = new JobSelection();

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the folders of the jobs are made (default: here).")
  private String directory = ".";

  @Option(names = "--input", description = "Fetch the input sandboxes instead.")
  private boolean input;

  @Option(
      names = "--cat",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "std.out",
      description =
          "Print this file of each job instead of keeping anything (default: ${FALLBACK-VALUE}).")
  private @Nullable String cat;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  OutputCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Session session = server.open(context);
    List<JobId> ids = ids(session);
    Path target =
        cat == null ? context.file(directory) : Files.createTempDirectory("spinor-output");
    try {
      OutputFetcher fetcher = new OutputFetcher(session.client(), input);
      List<OutputFetcher.Fetched> all;
      try (LiveView view = new LiveView(context.terminal(), context.clock())) {
        all =
            fetcher.fetch(
                ids,
                id -> target.resolve(id.toString()),
                through -> {
                  if (ids.size() > 1) {
                    view.progress("fetching", through, ids.size());
                  }
                });
      }
      if (cat == null) {
        report(all);
      } else {
        for (OutputFetcher.Fetched fetched : all) {
          print(target.resolve(fetched.id().toString()).resolve(cat), fetched);
        }
      }
      return exitCode(all);
    } finally {
      if (cat != null) {
        remove(target);
      }
    }
  }

  private List<JobId> ids(Session session) {
    JobSet jobs = selection.required(context, session);
    if (jobs instanceof JobSet.Ids named) {
      return named.ids();
    }
    List<JobId> ids = new ArrayList<>();
    Search search = Search.of(jobs.conditions()).columns("JobID").sortedBy("JobID", false);
    session.client().jobs().each(search, row -> ids.add(new JobId(row.path("JobID").asLong())));
    return ids;
  }

  private void report(List<OutputFetcher.Fetched> all) {
    Map<String, List<String>> files = new LinkedHashMap<>();
    all.forEach(
        fetched ->
            files.put(
                fetched.id().toString(), fetched.files().stream().map(Path::toString).toList()));
    output.print(
        context.terminal(),
        files,
        () ->
            files.values().stream()
                .flatMap(List::stream)
                .forEach(file -> context.terminal().out().println(Terminal.harmless(file))));
    for (OutputFetcher.Fetched fetched : all) {
      if (!fetched.skipped().isEmpty()) {
        context
            .terminal()
            .say("spinor: job " + fetched.id() + ": left out, as unsafe: " + fetched.skipped());
      }
    }
  }

  private void print(Path file, OutputFetcher.Fetched fetched) throws IOException {
    if (Files.isRegularFile(file)) {
      Files.copy(file, context.terminal().out());
      context.terminal().out().flush();
    } else if (fetched.any()) {
      context
          .terminal()
          .say("spinor: job " + fetched.id() + " has no " + file.getFileName() + " in its sandbox");
    }
  }

  private int exitCode(List<OutputFetcher.Fetched> all) {
    List<JobId> without =
        all.stream().filter(fetched -> !fetched.any()).map(OutputFetcher.Fetched::id).toList();
    if (without.isEmpty()) {
      return ExitCode.DONE;
    }
    context
        .terminal()
        .say(
            "spinor: no "
                + (input ? "input" : "output")
                + " sandbox of "
                + JobNumbers.shown(without)
                + "; see what became of a job with: spinor jobs log "
                + without.getFirst());
    return ExitCode.NOT_FOUND;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
