package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * HTCondor, 8.6 and later, through the tools in front of a scheduler: of this host, or of an
 * HTCondor-CE, to which files are spooled. A pilot is {@code 12.0}. Files are transferred by
 * HTCondor: nodes share nothing with the submission host, so there is output only when a pilot has
 * ended.
 */
final class HtCondor implements BatchSystem {
  /** How long a CE keeps a job that has ended and that nobody removes: a week. */
  private static final int KEPT_SECONDS = 604_800;

  /** Why a job is held while its files are on their way to the scheduler. */
  private static final String SPOOLING = "16";

  private static final Pattern SUBMITTED =
      Pattern.compile("(\\d{1,10})\\.(\\d{1,6}) - \\1\\.(\\d{1,6})");
  private static final Pattern ATTRIBUTE = Pattern.compile("([A-Za-z_]+)\\s*=\\s*(.*)");
  private static final List<String> ATTRIBUTES =
      List.of(
          "ClusterId",
          "ProcId",
          "JobStatus",
          "ExitCode",
          "ExitBySignal",
          "ExitSignal",
          "HoldReason",
          "HoldReasonCode",
          "RemoveReason",
          "RemoteHost",
          "LastRemoteHost");
  private static final Pattern TOTALS = Pattern.compile("(\\d{1,9}) (idle|running)");
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "not found|Couldn't find/remove all jobs|no jobs? match|does not exist",
          "not authorized|AUTHENTICATE:|SECMAN:2010|unknown (attribute|submit command)|Failed to parse|ERROR: .*submit|CONDOR_CONFIG");

  private final Optional<Remote> remote;

  /**
   * A scheduler somewhere else.
   *
   * @param scheduler its name
   * @param collector address of the collector that knows it, as {@code ce.example.org:9619}
   */
  record Remote(String scheduler, String collector) {}

  HtCondor(Optional<Remote> remote) {
    this.remote = remote;
  }

  @Override
  public String name() {
    return remote.isPresent() ? "HTCondor-CE" : "HTCondor";
  }

  /** A command to the scheduler. */
  private BatchCommand command(String program) {
    return at(BatchCommand.of(program), "-name");
  }

  private BatchCommand at(BatchCommand command, String option) {
    return remote
        .map(at -> command.and(option, at.scheduler(), "-pool", at.collector()))
        .orElse(command);
  }

  @Override
  public boolean sharesFiles() {
    return false;
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(Capability.MULTI_CORE, Capability.GPU);
  }

  @Override
  public int longestArray() {
    return 1000;
  }

  @Override
  public String script(BatchJob job) {
    List<String> lines = new ArrayList<>();
    lines.add("universe = vanilla");
    lines.add("executable = " + job.tools() + "/run.sh");
    lines.add("transfer_executable = true");
    lines.add("arguments = alone");
    lines.add("batch_name = " + job.name());
    lines.add("initialdir = " + job.area() + "/$(stamp)");
    lines.add("should_transfer_files = YES");
    lines.add("when_to_transfer_output = ON_EXIT");
    // Names one by one: what is spooled loses its folders on the way.
    lines.add("transfer_input_files = " + (remote.isPresent() ? "$(files)" : "work/, environment"));
    lines.add("transfer_output_files = \"\"");
    lines.add("output = stdout");
    lines.add("error = stderr");
    lines.add("log = " + (remote.isPresent() ? "log" : job.folder() + "/log"));
    lines.add("request_cpus = " + job.cores());
    if (job.size().memoryMb() > 0) {
      lines.add("request_memory = " + job.size().memoryMb());
    }
    if (job.size().gpus() > 0) {
      lines.add("request_gpus = " + job.size().gpus());
    }
    if (!job.place().account().isEmpty()) {
      lines.add("accounting_group = " + job.place().account());
    }
    if (job.size().wallTime().isPositive()) {
      lines.add("allowed_execute_duration = " + job.size().wallTime().toSeconds());
    }
    // A pilot that is lost with its node is lost, and what is held for good is of no use to
    // anybody.
    lines.add("max_retries = 0");
    lines.add("on_exit_remove = true");
    lines.add("+SpinorBatch = \"" + job.name() + "\"");
    lines.add("+SpinorStamp = \"$(stamp)\"");
    if (remote.isPresent()) {
      lines.addAll(forRouter(job));
    }
    lines.addAll(Directives.fill(job.place().directives(), job));
    lines.add(
        remote.isPresent()
            ? "queue stamp, files from " + job.folder() + "/files"
            : "queue stamp from " + job.folder() + "/list");
    return String.join("\n", lines) + "\n";
  }

  /** What the job router of a CE looks at, whatever batch system is behind it. */
  private static List<String> forRouter(BatchJob job) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "leave_in_queue = JobStatus == 4 && (time() - EnteredCurrentStatus) < " + KEPT_SECONDS);
    lines.add("+xcount = " + job.cores());
    if (job.size().memoryMb() > 0) {
      lines.add("+maxMemory = " + job.size().memoryMb());
    }
    if (job.size().wallTime().isPositive()) {
      lines.add("+maxWallTime = " + job.wallMinutes());
      lines.add("+BatchRuntime = " + job.size().wallTime().toSeconds());
    }
    if (!job.place().queue().isEmpty()) {
      lines.add("+queue = \"" + job.place().queue() + "\"");
      lines.add("+BatchQueue = \"" + job.place().queue() + "\"");
    }
    if (!job.place().account().isEmpty()) {
      lines.add("+BatchProject = \"" + job.place().account() + "\"");
    }
    return lines;
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return at(BatchCommand.of("condor_submit", "-terse"), "-remote")
        .and(Directives.fill(job.place().options(), job))
        .and(job.script());
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    return Answers.last(output, SUBMITTED)
        .filter(
            range ->
                Integer.parseInt(range.group(3)) - Integer.parseInt(range.group(2)) + 1
                    == job.count())
        .map(range -> ids(job, range.group(1)))
        .orElse(List.of());
  }

  private static List<String> ids(BatchJob job, String cluster) {
    return IntStream.range(0, job.count()).mapToObj(process -> cluster + "." + process).toList();
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(
        command("condor_q")
            .and(
                "-allusers",
                "-constraint",
                "SpinorBatch == \"" + job.name() + "\"",
                "-autoformat",
                "ClusterId"));
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    return Answers.jobNumber(output).map(cluster -> ids(job, cluster)).orElse(List.of());
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    return List.of(
        command("condor_q")
            .and("-long", "-attributes", String.join(",", ATTRIBUTES))
            .and(List.copyOf(Answers.parents(ids, "."))));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    Map<String, String> ad = new LinkedHashMap<>();
    for (String line : Answers.whole(output).lines().map(String::strip).toList()) {
      Matcher attribute = ATTRIBUTE.matcher(line);
      if (line.isEmpty()) {
        add(reports, ad);
        ad.clear();
      } else if (attribute.matches()) {
        ad.put(attribute.group(1), unquoted(attribute.group(2).strip()));
      }
    }
    return reports;
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replace("\\\"", "\"")
        : value;
  }

  private static void add(Map<String, PilotReport> reports, Map<String, String> ad) {
    String cluster = ad.getOrDefault("ClusterId", "");
    String process = ad.getOrDefault("ProcId", "");
    OptionalInt status = Answers.number(ad.getOrDefault("JobStatus", ""));
    if (cluster.matches("\\d{1,10}") && process.matches("\\d{1,6}") && status.isPresent()) {
      reports.put(cluster + "." + process, report(status.getAsInt(), ad));
    }
  }

  private static PilotReport report(int status, Map<String, String> ad) {
    String slot = ad.getOrDefault("RemoteHost", ad.getOrDefault("LastRemoteHost", ""));
    String host = slot.contains("@") ? Answers.after(slot, "@") : slot;
    return switch (status) {
      case 1 -> Answers.report(PilotState.WAITING, "");
      case 2, 6 -> Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host);
      case 3 ->
          Answers.report(
              PilotState.ABORTED,
              ad.getOrDefault("RemoveReason", "removed"),
              OptionalInt.empty(),
              host);
      case 4 -> completed(ad, host);
      case 5 ->
          SPOOLING.equals(ad.get("HoldReasonCode"))
              ? Answers.report(PilotState.WAITING, "its files are on their way")
              : Answers.report(PilotState.HELD, ad.getOrDefault("HoldReason", "held"));
      case 7 -> Answers.report(PilotState.HELD, "suspended", OptionalInt.empty(), host);
      default -> Answers.report(PilotState.UNKNOWN, "JobStatus " + status);
    };
  }

  private static PilotReport completed(Map<String, String> ad, String host) {
    if (ad.getOrDefault("ExitBySignal", "false").equalsIgnoreCase("true")) {
      int signal = Answers.number(ad.getOrDefault("ExitSignal", "")).orElse(0);
      return Answers.report(
          PilotState.ABORTED,
          "ended by signal " + signal,
          signal > 0 ? OptionalInt.of(128 + signal) : OptionalInt.empty(),
          host);
    }
    OptionalInt code = Answers.number(ad.getOrDefault("ExitCode", ""));
    return code.isPresent()
        ? Answers.ended(code.getAsInt(), host)
        : Answers.report(PilotState.UNKNOWN, "completed, and no exit code is there yet");
  }

  @Override
  public List<BatchCommand> history(Collection<String> ids) {
    return List.of(
        command("condor_history")
            .and(
                "-limit",
                Integer.toString(ids.size()),
                "-long",
                "-attributes",
                String.join(",", ATTRIBUTES))
            .and(List.copyOf(ids)));
  }

  @Override
  public Map<String, PilotReport> histories(String output) {
    return statuses(output);
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(command("condor_rm").and(List.copyOf(ids)));
  }

  @Override
  public Optional<BatchCommand> fetch(String id) {
    return remote.map(at -> command("condor_transfer_data").and(id));
  }

  /** A job that has ended leaves the queue of a CE when it is removed. */
  @Override
  public List<BatchCommand> release(Collection<String> ids) {
    return remote.isPresent() ? cancel(ids) : List.of();
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(command("condor_q").and("-allusers", "-totals"));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    // The last total is that of all users, or there is but one.
    OptionalInt waiting = OptionalInt.empty();
    OptionalInt running = OptionalInt.empty();
    Matcher totals = TOTALS.matcher(outputs.getFirst());
    while (totals.find()) {
      OptionalInt count = OptionalInt.of(Integer.parseInt(totals.group(1)));
      if (totals.group(2).equals("idle")) {
        waiting = count;
      } else {
        running = count;
      }
    }
    return new QueueInfo(waiting, running, OptionalInt.empty());
  }

  @Override
  public String outputFile(int task, String id) {
    return "log";
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
