package org.spinor.cli.sites;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SiteTest;
import org.spinor.api.SiteTestRequest;
import org.spinor.cli.console.Output;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Sites;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spinor sites test}. */
@Command(
    name = "test",
    description = {
      "Test a site step by step, with a pilot that is really sent and takes no job.",
      "",
      "Configuration, plug-in, credentials, connection and queue are checked; then a pilot of the queue's"
          + " size is sent, and followed until it has started, spoken to the server, tested its node and ended."
          + " The server does it: an interrupted command does not stop the test."
    },
    footer = {
      "",
      "Exit codes: 0 all steps went well, 1 one failed (it says why, and what to do), 5 no such site or queue.",
      "",
      "Examples:",
      "  spinor sites test LCG.CERN.ch",
      "  spinor sites test LCG.CERN.ch --queue ce1.cern.ch/long --timeout 2h",
      "  spinor sites test LCG.CERN.ch --no-pilot"
    })
final class SiteTestCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Context context;

  @Parameters(paramLabel = "SITE", description = "The site's name.")
  private String name = "";

  @Option(
      names = {"-q", "--queue"},
      paramLabel = "QUEUE",
      description = "Test this queue only: QUEUE or CE/QUEUE (default: all of the site).")
  private @Nullable String queue;

  @Option(
      names = "--vo",
      paramLabel = "VO",
      description = "Send a pilot of this VO (default: yours, where the queue takes it).")
  private @Nullable String vo;

  @Option(names = "--no-pilot", description = "Make only the checks that send nothing.")
  private boolean noPilot;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SPAN",
      defaultValue = "15m",
      description = "Give the pilot so long to start and end: 30s, 10m, 2h (default: 15m).")
  private String timeout = "15m";

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  SiteTestCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Sites sites = server.open(context).client().sites();
    SiteTestRequest request = new SiteTestRequest(queue, vo, !noPilot, seconds());
    List<SiteTest> begun = sites.test(name, request);
    List<SiteTest> ended = new ArrayList<>();
    for (SiteTest test : begun) {
      ended.add(watch(sites, test));
    }
    output.print(context.terminal(), ended, () -> summary(ended));
    return ended.stream().allMatch(test -> test.state().equals(SiteTest.PASSED))
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  private int seconds() {
    try {
      return Math.toIntExact(Times.span(timeout).toSeconds());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  private SiteTest watch(Sites sites, SiteTest begun) throws InterruptedException {
    boolean live = output.form() == Output.table;
    try (TestView view = new TestView(context, begun, live)) {
      SiteTest test = begun;
      while (true) {
        view.show(test);
        if (!test.state().equals(SiteTest.RUNNING)) {
          return test;
        }
        Thread.sleep(PAUSE);
        SiteTest last = test;
        test = view.patience().ask(() -> sites.test(name, last.id())).orElse(last);
      }
    }
  }

  private void summary(List<SiteTest> tests) {
    if (tests.size() > 1) {
      long passed = tests.stream().filter(test -> test.state().equals(SiteTest.PASSED)).count();
      context.terminal().out().println(passed + " of " + tests.size() + " queues work");
    }
  }
}
