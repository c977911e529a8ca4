package org.spinor.cli.jobs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobId;
import org.spinor.api.JobStatus;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor jobs submit}. */
@Command(
    name = "submit",
    description =
        "Submit jobs. Local files named in InputSandbox (beside the description) are sent along.",
    footer = {
      "",
      "Examples:",
      "  spinor jobs submit hello.jdl",
      "  spinor jobs submit *.jdl --set 'CPUTime = 3600' --set 'Site = \"LCG.CERN.ch\"'",
      "  spinor jobs submit --command 'hostname; date' --wait",
      "  spinor jobs submit --command './fit.sh $1' --input fit.sh --jobs 100 --name fit",
      "  generate-jdl | spinor jobs submit -"
    })
final class SubmitCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Job descriptions in JDL, one a file; - is the standard input.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMAND",
      description =
          "Run this shell command instead of a description; with --jobs, $1 is the job's index.")
  private @Nullable String command;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description = "With --command: a file or folder to send along (repeat for more).")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--keep",
      paramLabel = "FILE",
      description = "With --command: a file to bring back besides std.out and std.err; may have *.")
  private List<String> outputs = new ArrayList<>();

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The name of the jobs.")
  private @Nullable String name;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "Make so many jobs of the description (Parameters = N).")
  private @Nullable Integer count;

  @Option(
      names = "--set",
      paramLabel = "ATTRIBUTE",
      description = "Set an attribute of the descriptions: 'CPUTime = 3600' (repeat for more).")
  private List<String> changes = new ArrayList<>();

  @Option(names = "--dry-run", description = "Check and print what would be sent; send nothing.")
  private boolean dryRun;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the numbers of the jobs alone, one a line.")
  private boolean quiet;

  @Option(names = "--wait", description = "Wait until the jobs have ended, as 'jobs wait' does.")
  private boolean wait;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SubmitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (files.isEmpty() == (command == null)) {
      throw Failure.usage(
          "submit what?", "name files with job descriptions, or give one --command");
    }
    if (count != null && count < 1) {
      throw Failure.usage("--jobs is a positive number");
    }
    Session session = server.open(context);
    Submission submission = new Submission(context, session.client());
    Path script = Files.createTempDirectory("spinor-command").resolve("command.sh");
    try {
      collect(submission, script);
      if (dryRun) {
        submission.texts().forEach(context.terminal().out()::println);
        return ExitCode.DONE;
      }
      List<InsertedJob> jobs = submission.send();
      report(jobs);
      return wait ? waitFor(session, jobs) : ExitCode.DONE;
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(script.resolveSibling(""));
    }
  }

  private void collect(Submission submission, Path script) throws IOException {
    List<String> all = new ArrayList<>(changes);
    if (name != null) {
      all.add(Printer.print(Ad.builder().put("JobName", name).build()));
    }
    if (count != null) {
      all.add("Parameters = " + count);
    }
    if (command != null) {
      submission.add("--command", describe(command, script), all, context.directory());
    }
    for (String file : files) {
      if (file.equals("-")) {
        String text = new String(context.terminal().in().readAllBytes(), StandardCharsets.UTF_8);
        submission.add("standard input", text, all, context.directory());
      } else {
        Path path = context.file(file);
        Path folder = path.toAbsolutePath().getParent();
        submission.add(
            file, Files.readString(path), all, folder == null ? context.directory() : folder);
      }
    }
  }

  /** The command goes as a script: so nothing has to be quoted, and it may have many lines. */
  private String describe(String text, Path script) throws IOException {
    Files.writeString(script, "#!/bin/sh\n" + text + "\n");
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + script + " executable");
    }
    List<String> sandbox = new ArrayList<>(inputs);
    sandbox.addFirst(script.toString());
    List<String> back = new ArrayList<>(outputs);
    back.addAll(0, List.of("std.out", "std.err"));
    Ad.Builder ad =
        Ad.builder()
            .put("JobName", text.strip().split("[\\s;|&]+")[0])
            .put("Executable", "command.sh")
            .put("StdOutput", "std.out")
            .put("StdError", "std.err")
            .put("InputSandbox", sandbox)
            .put("OutputSandbox", back);
    if (count != null) {
      ad.put("Arguments", "%n");
    }
    return Printer.print(ad.build());
  }

  private void report(List<InsertedJob> jobs) {
    List<JobId> ids = jobs.stream().map(InsertedJob::jobId).toList();
    if (quiet) {
      ids.forEach(id -> context.terminal().out().println(id));
      context.terminal().out().flush();
      return;
    }
    output.print(
        context.terminal(),
        jobs,
        () ->
            context
                .terminal()
                .out()
                .println(
                    String.format(
                        "submitted %,d %s: %s",
                        ids.size(), Change.plural(ids.size()), JobNumbers.shown(ids))));
  }

  private int waitFor(Session session, List<InsertedJob> jobs) {
    List<Condition> conditions = Condition.jobs(jobs.stream().map(InsertedJob::jobId).toList());
    JobCounts counts = new JobWait(context, session).until(conditions, null);
    context.terminal().say(counts.text());
    return counts.of(JobStatus.Done) == jobs.size() ? ExitCode.DONE : ExitCode.FAILED;
  }
}
