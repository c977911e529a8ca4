package org.spinor.cli.sites;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.spinor.api.SiteTest;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.Patience;

/** Shows a test as it goes: each step once it is over, the one that goes on below it. */
final class TestView implements AutoCloseable {
  private static final Duration AWAY = Duration.ofMinutes(10);
  private static final String INDENT = " ".repeat(21);

  private final Context context;
  private final boolean live;
  private final LiveView view;
  private final Patience patience;
  private int shown;

  /**
   * @param live false: nothing is shown, the result is printed by somebody else
   */
  TestView(Context context, SiteTest test, boolean live) {
    this.context = context;
    this.live = live;
    this.view = new LiveView(context.terminal(), context.clock());
    this.patience = new Patience(context.clock(), AWAY);
    if (live) {
      String title =
          "%s  %s/%s  (VO %s)".formatted(test.site(), test.ce(), test.queue(), test.vo());
      line(context.terminal().styled(Style.BOLD, Terminal.harmless(title)));
    }
  }

  Patience patience() {
    return patience;
  }

  void show(SiteTest test) {
    if (!live) {
      return;
    }
    List<SiteTest.Step> steps = test.steps();
    boolean over = !test.state().equals(SiteTest.RUNNING);
    while (shown < steps.size() && isOver(steps.get(shown))) {
      view.close();
      if (over && steps.stream().skip(shown).allMatch(TestView::isSkipped)) {
        skipped(steps.subList(shown, steps.size()));
        shown = steps.size();
      } else {
        print(steps.get(shown));
        shown++;
      }
    }
    if (!over && shown < steps.size() && steps.get(shown).state().equals("running")) {
      SiteTest.Step step = steps.get(shown);
      String text =
          Terminal.harmless(step.title() + (step.detail().isEmpty() ? "" : ": " + step.detail()));
      view.show(List.of("  ...     " + time(step) + "  " + text), "  " + text);
    }
  }

  private static boolean isOver(SiteTest.Step step) {
    return switch (step.state()) {
      case "ok", "failed", "skipped" -> true;
      default -> false;
    };
  }

  private static boolean isSkipped(SiteTest.Step step) {
    return step.state().equals("skipped");
  }

  /** What comes at the end and was not tried, in one line. */
  private void skipped(List<SiteTest.Step> steps) {
    line(
        "  "
            + context.terminal().styled(Style.DIM, "-")
            + " ".repeat(18)
            + (steps.size() == 1 ? "one step was" : steps.size() + " steps were")
            + " not tried: "
            + Terminal.harmless(steps.getLast().detail()));
  }

  private void print(SiteTest.Step step) {
    Terminal terminal = context.terminal();
    String mark =
        switch (step.state()) {
          case "ok" -> terminal.styled(Style.GREEN, "ok    ");
          case "failed" -> terminal.styled(Style.RED, "FAILED");
          default -> terminal.styled(Style.DIM, "-     ");
        };
    List<String> detail = Terminal.harmless(step.detail()).lines().toList();
    line(
        "  "
            + mark
            + "  "
            + time(step)
            + "  "
            + step.title()
            + (detail.isEmpty() ? "" : ": " + detail.getFirst()));
    detail.stream().skip(1).forEach(more -> line(INDENT + more));
    if (!step.advice().isEmpty()) {
      line(INDENT + terminal.styled(Style.YELLOW, "-> " + Terminal.harmless(step.advice())));
    }
  }

  /** As long as it took, or takes so far. */
  private String time(SiteTest.Step step) {
    Double seconds = step.seconds();
    String text = "";
    if (seconds != null) {
      text = Times.shown(Duration.ofMillis(Math.round(seconds * 1000)));
    } else if (step.began() != null && !step.state().equals("skipped")) {
      Duration since = Duration.between(step.began(), context.clock().instant());
      text = Times.shown(since.isNegative() ? Duration.ZERO : since);
    }
    return String.format(Locale.ROOT, "%9s", text);
  }

  private void line(String text) {
    context.terminal().out().println(text);
    context.terminal().out().flush();
  }

  @Override
  public void close() {
    view.close();
  }
}
