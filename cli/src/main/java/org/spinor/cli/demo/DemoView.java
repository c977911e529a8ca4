package org.spinor.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;

/** The table of the demo's jobs, redrawn while they go. */
final class DemoView implements AutoCloseable {
  private static final int BAR = 20;

  private final Terminal terminal;
  private final LiveView view;

  DemoView(Context context) {
    this.terminal = context.terminal();
    this.view = new LiveView(context.terminal(), context.clock());
  }

  void show(Workload.Progress progress, Duration elapsed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        terminal.styledErr(
            Style.BOLD,
            String.format(
                Locale.ROOT,
                "  %-11s %8s %8s %8s %8s  %s",
                "job",
                "waiting",
                "running",
                "done",
                "failed",
                Times.shown(elapsed))));
    StringBuilder plain = new StringBuilder(Times.shown(elapsed));
    for (Example example : Example.values()) {
      long total = progress.total(example);
      if (total == 0) {
        continue;
      }
      lines.add(line(progress, example, total));
      if (example == Example.SHOWER) {
        plain.append(
            String.format(
                Locale.ROOT, ": %,d of %,d showers have ended", progress.ended(example), total));
      }
    }
    view.show(lines, plain.toString());
  }

  private String line(Workload.Progress progress, Example example, long total) {
    long done = progress.of(example, JobStatus.Done);
    long failed = progress.ended(example) - done;
    long running = 0;
    for (Map.Entry<JobStatus, Long> entry :
        progress.counts().getOrDefault(example, Map.of()).entrySet()) {
      running += JobStatus.ON_A_PILOT.contains(entry.getKey()) ? entry.getValue() : 0;
    }
    long waiting = total - done - failed - running;
    int full = (int) (BAR * (done + failed) / total);
    String tail =
        total == 1
            ? example.text()
            : terminal.styledErr(Style.GREEN, "#".repeat(full)) + ".".repeat(BAR - full);
    return String.format(
            Locale.ROOT,
            "  %-11s %,8d %,8d %,8d %,8d  ",
            example.title(),
            waiting,
            running,
            done,
            failed)
        + tail;
  }

  /** Leaves the last state on the screen. */
  void keep() {
    view.keep();
  }

  @Override
  public void close() {
    view.close();
  }
}
