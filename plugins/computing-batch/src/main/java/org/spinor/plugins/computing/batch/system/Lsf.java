package org.spinor.plugins.computing.batch.system;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * LSF, 9.1.2 and later. A pilot is {@code 123} or {@code 123[4]}. {@code bjobs -a} knows ended jobs
 * for CLEAN_PERIOD (an hour).
 */
final class Lsf implements BatchSystem {
  private static final Pattern SUBMITTED =
      Pattern.compile("Job <(\\d{1,10})> is submitted to .*queue.*");
  private static final String FIELDS =
      "jobid jobindex stat exit_code exec_host exit_reason pend_reason delimiter='|'";
  private static final int FIELD_COUNT = 7;
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "is not found|No matching job found|No unfinished job found|Job has already finished",
          "No such queue|User cannot use the queue|Bad resource requirement|not authorized|No such project|Bad queue specification|License|Unknown option|Illegal option|exceeds (the )?(limit|queue)|permission denied");

  @Override
  public String name() {
    return "LSF";
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(
        Capability.MULTI_CORE, Capability.WHOLE_NODE, Capability.MULTI_NODE, Capability.GPU);
  }

  @Override
  public int longestArray() {
    return 1000;
  }

  @Override
  public String script(BatchJob job) {
    return new JobScript(job, "#BSUB")
        .add("-J " + job.name() + (job.isArray() ? "[1-" + job.count() + "]" : ""))
        .add("-o " + job.folder() + "/out." + (job.isArray() ? "%I" : "1"))
        .add("-rn")
        .addIf(job.place().queue(), "-q ")
        .addIf(job.place().account(), "-P ")
        .addIf(job.cores() * job.size().nodes() > 1, "-n " + job.cores() * job.size().nodes())
        .addIf(job.cores() > 1, "-R \"span[" + span(job) + "]\"")
        .addIf(job.size().wholeNode(), "-x")
        .addIf(job.size().memoryMb() > 0, "-R \"rusage[mem=" + job.size().memoryMb() + "MB/host]\"")
        .addIf(job.size().gpus() > 0, "-gpu \"num=" + job.size().gpus() + "\"")
        .addIf(job.wallMinutes() > 0, "-W " + job.wallMinutes())
        .run("$LSB_JOBINDEX", job.isArray() ? "$LSB_JOBID[$LSB_JOBINDEX]" : "$LSB_JOBID");
  }

  private static String span(BatchJob job) {
    return job.size().nodes() > 1 ? "ptile=" + job.cores() : "hosts=1";
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    // Only what bsub reads from its standard input is searched for directives.
    return BatchCommand.of("bsub")
        .and(Directives.fill(job.place().options(), job))
        .reading(script(job));
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    return Answers.last(output, SUBMITTED)
        .map(answer -> ids(job, answer.group(1)))
        .orElse(List.of());
  }

  private static List<String> ids(BatchJob job, String id) {
    return job.ids(id, task -> id + "[" + task + "]");
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(
        BatchCommand.of("bjobs", "-a", "-noheader", "-o", "jobid", "-J", job.name()));
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    return Answers.jobNumber(output).map(id -> ids(job, id)).orElse(List.of());
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    return List.of(
        BatchCommand.of("bjobs", "-a", "-noheader", "-o", FIELDS)
            .and(List.copyOf(Answers.parents(ids, "["))));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (String line : Answers.lines(output)) {
      String[] fields = line.split("\\|", FIELD_COUNT);
      if (fields.length != FIELD_COUNT || !fields[0].matches("\\d{1,10}")) {
        continue;
      }
      int index = Answers.number(fields[1]).orElse(0);
      reports.put(index > 0 ? fields[0] + "[" + index + "]" : fields[0], report(fields));
    }
    return reports;
  }

  private static PilotReport report(String[] fields) {
    String host = host(fields[4]);
    return switch (fields[2]) {
      case "PEND", "WAIT", "FWD_PEND" -> Answers.report(PilotState.WAITING, given(fields[6]));
      case "PSUSP" -> Answers.report(PilotState.HELD, given(fields[6]));
      case "USUSP", "SSUSP" ->
          Answers.report(PilotState.HELD, "suspended", OptionalInt.empty(), host);
      case "RUN", "PROV" -> Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host);
      case "DONE" -> Answers.ended(0, host);
      case "EXIT" -> exited(fields, host);
      case "UNKWN", "ZOMBI" ->
          Answers.report(PilotState.UNKNOWN, "LSF has lost its host", OptionalInt.empty(), host);
      default -> Answers.report(PilotState.UNKNOWN, "state " + fields[2]);
    };
  }

  /** {@code TERM_OWNER: job killed by owner} and the like where LSF ended it. */
  private static PilotReport exited(String[] fields, String host) {
    OptionalInt code = Answers.number(fields[3]);
    String reason = given(fields[5]);
    boolean byItself = code.isPresent() && code.getAsInt() < 128 && !reason.startsWith("TERM_");
    return byItself
        ? Answers.ended(code.getAsInt(), host)
        : Answers.report(
            PilotState.ABORTED, reason.isEmpty() ? "ended by LSF" : reason, code, host);
  }

  private static String given(String field) {
    return field.strip().equals("-") ? "" : field.strip();
  }

  /** {@code 4*node1:4*node2}. */
  private static String host(String field) {
    String first = Answers.before(given(field), ":");
    return first.contains("*") ? Answers.after(first, "*") : first;
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(BatchCommand.of("bkill").and(List.copyOf(ids)));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(
        BatchCommand.of("bqueues", "-w").and(queue.isEmpty() ? List.of() : List.of(queue)));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    int pendAt = -1;
    int runAt = -1;
    int waiting = 0;
    int running = 0;
    for (String line : Answers.lines(outputs.getFirst())) {
      List<String> words = List.of(line.split("\\s+"));
      if (words.getFirst().equals("QUEUE_NAME")) {
        pendAt = words.indexOf("PEND");
        runAt = words.indexOf("RUN");
      } else if (pendAt > 0 && words.size() > Math.max(pendAt, runAt)) {
        waiting += Answers.number(words.get(pendAt)).orElse(0);
        running += Answers.number(words.get(runAt)).orElse(0);
      }
    }
    return pendAt > 0
        ? new QueueInfo(OptionalInt.of(waiting), OptionalInt.of(running), OptionalInt.empty())
        : new QueueInfo(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  @Override
  public String outputFile(int task, String id) {
    return "out." + task;
  }

  @Override
  public Optional<String> lastWords() {
    return Optional.of("^TERM_[A-Z_]*: ");
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
