package org.spinor.cli.queues;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.QueueInfo;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spinor queues show}. */
@Command(
    name = "show",
    description = "Show all that decides whether pilots are sent to a queue.",
    footer = {
      "",
      "Examples:",
      "  spinor queues show LCG.CERN.ch",
      "  spinor queues show LCG.CERN.ch ce1.cern.ch long"
    })
final class QueueShowCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "SITE", description = "The site's name.")
  private String site = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CE",
      description = "A computing element of the site (default: all).")
  private @Nullable String ce;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "A queue of the element (default: all).")
  private @Nullable String queue;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  QueueShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<QueueInfo> queues = server.open(context).client().queues().list(site, ce, queue);
    if (queues.isEmpty()) {
      throw new Failure(
          ExitCode.NOT_FOUND, "no such queue is configured", "see them all: spinor queues list");
    }
    output.print(context.terminal(), queues, () -> queues.forEach(this::print));
    return ExitCode.DONE;
  }

  private void print(QueueInfo info) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s/%s  (%s, site %s)"
            .formatted(info.site(), info.ce(), info.queue(), info.type(), info.siteStatus()));
    lines.add("  submission    " + submission(info));
    QueueInfo.Limits limits = info.limits();
    lines.add(
        "  limits        %d may wait (%d at present), %d in all"
            .formatted(limits.idle(), limits.idleNow(), limits.total()));
    lines.add("  waiting time  " + waits(info.waits()));
    lines.add("  last sent     " + time(info.lastSent(), "none in six hours"));
    if (info.lastError() != null) {
      lines.add("  last error    " + time(info.lastErrorAt(), "") + "  " + info.lastError());
    }
    if (info.edge() != null) {
      lines.add("  edge          " + info.edge());
    }
    for (QueueInfo.Share share : info.shares()) {
      lines.add(
          "  VO %s: %d jobs fit; pilots: %d to be sent, %d wait, %d unknown, %d run (%d of them idle)"
              .formatted(
                  share.vo(),
                  share.jobs(),
                  share.unsent(),
                  share.waiting(),
                  share.unknown(),
                  share.running(),
                  share.idle()));
      lines.add("    " + share.why());
    }
    lines.forEach(line -> context.terminal().out().println(Terminal.harmless(line)));
  }

  private String submission(QueueInfo info) {
    return switch (info.breaker()) {
      case "closed" -> "works";
      case "open" -> "left alone until " + time(info.retryAt(), "it is tried again");
      default -> "one pilot is tried";
    };
  }

  private static String waits(QueueInfo.Waits waits) {
    if (waits.expectedSeconds() == null) {
      return "not known: no pilots in six hours";
    }
    Long longest = waits.longestSeconds();
    return QueueListCommand.wait(waits)
        + " expected, "
        + waits.started()
        + " of the newest have started"
        + (longest == null
            ? ""
            : ", the longest still waits for " + Times.shown(Duration.ofSeconds(longest)));
  }

  private String time(@Nullable Instant time, String otherwise) {
    return time == null ? otherwise : Times.shown(time.toString(), context.zone());
  }
}
