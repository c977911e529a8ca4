package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * The family of PBS: PBS Pro and OpenPBS, and Torque, which differ in how they are asked for
 * resources and arrays. A pilot is {@code 123.server} or {@code 123[4].server}.
 */
final class Pbs implements BatchSystem {
  /** Which of the family. */
  enum Flavour {
    PBS_PRO("PBS"),
    TORQUE("Torque");

    private final String title;

    Flavour(String title) {
      this.title = title;
    }
  }

  private static final Pattern SUBMITTED =
      Pattern.compile("(\\d{1,10})(\\[])?(\\.[A-Za-z0-9_.-]+)?");
  private static final Pattern ID =
      Pattern.compile("Job Id:\\s*(\\d{1,10}(?:\\[\\d+])?(?:\\.[A-Za-z0-9_.-]+)?)\\s*");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\s+([A-Za-z_.]+) = (.*)");
  private static final int KILLED = 256;
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "Unknown Job ?Id|Job has finished|invalid state for job|Request invalid for state of job|has finished",
          "Unknown queue|Unauthorized Request|Access .* denied|not authorized|Unknown resource|illegal -|Job violates queue|Job exceeds queue|Bad UID|Invalid account|Illegal attribute");

  private final Flavour flavour;

  Pbs(Flavour flavour) {
    this.flavour = flavour;
  }

  @Override
  public String name() {
    return flavour.title;
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(
        Capability.MULTI_CORE, Capability.WHOLE_NODE, Capability.MULTI_NODE, Capability.GPU);
  }

  @Override
  public int longestArray() {
    return 500;
  }

  @Override
  public String script(BatchJob job) {
    JobScript script =
        new JobScript(job, "#PBS")
            .add("-N " + job.name())
            .add("-S /bin/sh")
            .add("-j oe")
            .add("-r n")
            .addIf(job.place().queue(), "-q ")
            .addIf(job.place().account(), "-A ")
            .addIf(job.wallMinutes() > 0, "-l walltime=" + job.wallClock());
    return switch (flavour) {
      case PBS_PRO ->
          script
              .add("-o " + job.folder() + "/out." + (job.isArray() ? "^array_index^" : "1"))
              .addIf(job.isArray(), "-J 1-" + job.count())
              .add("-l select=" + chunk(job))
              .addIf(job.size().wholeNode(), "-l place=excl")
              .run("$PBS_ARRAY_INDEX", "$PBS_JOBID");
      case TORQUE ->
          script
              .add("-o " + job.folder() + "/out" + (job.isArray() ? "" : ".1"))
              .addIf(job.isArray(), "-t 1-" + job.count())
              .add("-l nodes=" + nodes(job))
              .addIf(job.size().memoryMb() > 0, "-l mem=" + job.size().memoryMb() + "mb")
              .addIf(job.size().wholeNode(), "-n")
              .run("$PBS_ARRAYID", "$PBS_JOBID");
    };
  }

  private static String chunk(BatchJob job) {
    return job.size().nodes()
        + ":ncpus="
        + job.cores()
        + (job.size().memoryMb() > 0 ? ":mem=" + job.size().memoryMb() + "mb" : "")
        + (job.size().gpus() > 0 ? ":ngpus=" + job.size().gpus() : "");
  }

  private static String nodes(BatchJob job) {
    return job.size().nodes()
        + ":ppn="
        + job.cores()
        + (job.size().gpus() > 0 ? ":gpus=" + job.size().gpus() : "");
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return BatchCommand.of("qsub")
        .and(Directives.fill(job.place().options(), job))
        .and(job.script());
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    return Answers.last(output, SUBMITTED)
        .map(answer -> ids(job, answer.group(1), Objects.requireNonNullElse(answer.group(3), "")))
        .orElse(List.of());
  }

  private static List<String> ids(BatchJob job, String number, String server) {
    return job.ids(number + server, task -> number + "[" + task + "]" + server);
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(
        switch (flavour) {
          case PBS_PRO -> BatchCommand.of("qselect", "-x", "-N", job.name());
          case TORQUE -> BatchCommand.of("qselect", "-N", job.name());
        });
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    // An array may be named as a whole or by its tasks.
    return submitted(job, output.replaceAll("\\[\\d+]", "[]"));
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    List<String> options =
        switch (flavour) {
          case PBS_PRO -> List.of("-f", "-x");
          case TORQUE -> List.of("-f", "-t");
        };
    return List.of(BatchCommand.of("qstat").and(options).and(List.copyOf(ids)));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    String id = "";
    Map<String, String> attributes = new LinkedHashMap<>();
    String last = "";
    for (String line : Answers.whole(output).lines().toList()) {
      Matcher begin = ID.matcher(line);
      Matcher attribute = ATTRIBUTE.matcher(line);
      if (begin.matches()) {
        add(reports, id, attributes);
        id = begin.group(1);
        attributes.clear();
      } else if (line.isBlank()) {
        // Only a record that was written to its end counts.
        add(reports, id, attributes);
        id = "";
      } else if (line.startsWith("\t")) {
        // A long value goes on.
        attributes.merge(last, line.strip(), String::concat);
      } else if (attribute.matches()) {
        last = attribute.group(1);
        attributes.put(last, attribute.group(2).strip());
      }
    }
    return reports;
  }

  private void add(Map<String, PilotReport> reports, String id, Map<String, String> attributes) {
    String state = attributes.getOrDefault("job_state", "");
    if (!id.isEmpty() && !state.isEmpty()) {
      reports.put(id, report(state, attributes));
    }
  }

  private PilotReport report(String state, Map<String, String> attributes) {
    String why = attributes.getOrDefault("comment", "");
    String host =
        Answers.before(Answers.before(attributes.getOrDefault("exec_host", ""), "/"), "+");
    return switch (state) {
      case "Q", "W", "T" -> Answers.report(PilotState.WAITING, why);
      case "H" -> Answers.report(PilotState.HELD, why.isEmpty() ? "held" : why);
      case "R", "B", "E" -> Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host);
      case "S", "U" -> Answers.report(PilotState.HELD, "suspended", OptionalInt.empty(), host);
      case "F", "C", "X" -> ended(attributes, why, host);
      default -> Answers.report(PilotState.UNKNOWN, "state " + state);
    };
  }

  private PilotReport ended(Map<String, String> attributes, String why, String host) {
    String status =
        attributes.getOrDefault("Exit_status", attributes.getOrDefault("exit_status", ""));
    if (!status.matches("-?\\d{1,9}")) {
      // It ended without having run: PBS Pro says so by leaving the status out.
      return Answers.report(
          PilotState.ABORTED,
          why.isEmpty() ? "ended without an exit code" : why,
          OptionalInt.empty(),
          host);
    }
    int code = Integer.parseInt(status);
    if (code < 0 || code >= 128) {
      int signal = code >= KILLED ? code - KILLED : code - 128;
      String reason =
          code < 0 ? "PBS ended it with code " + code + limit(code) : "ended by signal " + signal;
      return Answers.report(
          PilotState.ABORTED,
          why.isEmpty() ? reason : reason + ": " + why,
          code < 0 ? OptionalInt.empty() : OptionalInt.of(128 + signal),
          host);
    }
    return Answers.ended(code, host);
  }

  /** What the code says was exceeded; nothing: it means something else. */
  private String limit(int code) {
    return switch (flavour) {
      case PBS_PRO ->
          switch (code) {
            case -24, -25 -> ", beyond its cores";
            case -26, -27 -> ", beyond its memory";
            case -28 -> ", beyond its CPU time";
            case -29 -> ", beyond its wall time";
            default -> "";
          };
      case TORQUE ->
          switch (code) {
            case -10 -> ", beyond its memory";
            case -11 -> ", beyond its wall time";
            case -12 -> ", beyond its CPU time";
            default -> "";
          };
    };
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(BatchCommand.of("qdel").and(List.copyOf(ids)));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    List<String> named = queue.isEmpty() ? List.of() : List.of(queue);
    return List.of(BatchCommand.of("qstat", "-Q").and(named));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    List<String> headings = new ArrayList<>();
    OptionalInt waiting = OptionalInt.empty();
    OptionalInt running = OptionalInt.empty();
    for (String line : Answers.lines(outputs.getFirst())) {
      List<String> words = List.of(line.split("\\s+"));
      if (words.getFirst().equals("Queue")) {
        headings.addAll(words);
      } else if (!headings.isEmpty() && words.size() >= headings.indexOf("Run") + 1) {
        waiting = sum(waiting, words, headings.indexOf("Que"));
        running = sum(running, words, headings.indexOf("Run"));
      }
    }
    return new QueueInfo(waiting, running, OptionalInt.empty());
  }

  private static OptionalInt sum(OptionalInt sum, List<String> words, int at) {
    return at < 0 ? sum : Answers.sum(sum, words.get(at));
  }

  @Override
  public String outputFile(int task, String id) {
    return flavour == Flavour.TORQUE && id.contains("[") ? "out-" + task : "out." + task;
  }

  @Override
  public Optional<String> lastWords() {
    return Optional.of("PBS: job killed: ");
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
