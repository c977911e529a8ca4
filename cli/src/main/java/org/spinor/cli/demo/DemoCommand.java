package org.spinor.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spinor demo}. */
@Command(
    name = "demo",
    description =
        "See Spinor work: a server with its database, a site on this machine, and the jobs of"
            + " examples/, among them 1,000 of a small Monte Carlo.",
    footer = {
      "",
      "With --json the last line of the standard output is one JSON object with at least ok,",
      "jobs, done, failed (those meant to), explained, seconds_to_first_output, seconds_total.",
      "Exit code 0 only if everything ended as it should.",
      "",
      "Examples:",
      "  spinor demo",
      "  spinor demo --exit --json --jobs 100"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int MOST_JOBS = 100_000;

  private final Context context;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where it keeps everything (default: .spinor/demo in the checkout).")
  private @Nullable String data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the server listens; 0: any free port (default: 8000, else a free one).")
  private @Nullable Integer port;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many air showers (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Option(
      names = "--exit",
      description = "End when the jobs have ended; else stay up until Ctrl-C.")
  private boolean exit;

  @Option(names = "--json", description = "Print the result as one line of JSON.")
  private boolean json;

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (jobs < 1 || jobs > MOST_JOBS) {
      throw Failure.usage("--jobs is a number from 1 to " + MOST_JOBS);
    }
    if (port != null && (port < 0 || port > 65535)) {
      throw Failure.usage("--port is a number from 0 to 65535");
    }
    Launcher launcher = Launcher.ofThisProcess();
    Path folder =
        data == null ? launcher.home().resolve(".spinor").resolve("demo") : context.file(data);
    try (Demo demo = new Demo(context, launcher, folder.toAbsolutePath().normalize(), json)) {
      try {
        DemoReport report = demo.run(port == null ? Ports.preferred() : port, jobs);
        if (!exit) {
          demo.stayUp();
        }
        return report.ok() ? ExitCode.DONE : ExitCode.FAILED;
      } catch (RuntimeException e) {
        demo.holdIfEnding();
        throw e;
      }
    }
  }
}
