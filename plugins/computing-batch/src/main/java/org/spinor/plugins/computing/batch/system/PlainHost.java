package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * No batch system at all: pilots are processes of the host, started at once, each in a session of
 * its own. {@code host.sh} of this plug-in does what the commands of a batch system would do.
 */
final class PlainHost implements BatchSystem {
  private static final Pattern SUBMITTED =
      Pattern.compile("started (\\d{1,6}) (\\d{1,10}\\.[A-Za-z0-9]{1,40})");
  private static final Pattern STATUS =
      Pattern.compile("(\\d{1,10}\\.[A-Za-z0-9]{1,40}) (running|gone)");
  private static final Complaints COMPLAINTS = Complaints.of("no such process", "setsid");

  private final Supplier<String> tools;

  /**
   * @param tools where {@code host.sh} is
   */
  PlainHost(Supplier<String> tools) {
    this.tools = tools;
  }

  @Override
  public String name() {
    return "Host";
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(Capability.MULTI_CORE, Capability.WHOLE_NODE);
  }

  @Override
  public int longestArray() {
    return 100;
  }

  @Override
  public String script(BatchJob job) {
    return new JobScript(job, "#").run("$SPINOR_TASK", "self");
  }

  private BatchCommand tool(String verb) {
    return BatchCommand.of("sh", tools.get() + "/host.sh", verb);
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return tool("submit").and(job.folder(), Integer.toString(job.count()));
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    List<String> ids = new ArrayList<>();
    for (String line : Answers.lines(output)) {
      Matcher matcher = SUBMITTED.matcher(line);
      if (matcher.matches() && Integer.parseInt(matcher.group(1)) == ids.size() + 1) {
        ids.add(matcher.group(2));
      }
    }
    return ids.size() == job.count() ? ids : List.of();
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    return List.of(tool("status").reading(String.join("\n", ids) + "\n"));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (String line : Answers.lines(output)) {
      Matcher matcher = STATUS.matcher(line);
      // One that is gone has left its exit code, or has been killed: its folder says which.
      if (matcher.matches() && matcher.group(2).equals("running")) {
        reports.put(matcher.group(1), Answers.report(PilotState.RUNNING, ""));
      }
    }
    return reports;
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(tool("cancel").reading(String.join("\n", ids) + "\n"));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(tool("queue"));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    OptionalInt running = OptionalInt.empty();
    for (String line : Answers.lines(outputs.getFirst())) {
      running = line.startsWith("running ") ? Answers.number(line.substring(8)) : running;
    }
    return new QueueInfo(OptionalInt.of(0), running, OptionalInt.empty());
  }

  @Override
  public String outputFile(int task, String id) {
    return "out." + task;
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
