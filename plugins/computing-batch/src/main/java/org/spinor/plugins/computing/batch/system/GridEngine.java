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
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * Grid Engine: Sun's 6.2, Son of Grid Engine 8, Univa's and Altair's. A pilot is {@code 123} or
 * {@code 123.4}. {@code qstat} knows what has not ended, {@code qacct} the rest. Several cores need
 * a parallel environment that stays on one node: {@code smp}, or another one by a directive {@code
 * -pe}.
 */
final class GridEngine implements BatchSystem {
  private static final Pattern SUBMITTED = Pattern.compile("(\\d{1,10})(\\.\\d+-\\d+:\\d+)?");
  private static final Pattern JOB =
      Pattern.compile("<job_list\\b[^>]*>(.*?)</job_list>", Pattern.DOTALL);
  private static final Pattern RANGE = Pattern.compile("(\\d{1,8})(?:-(\\d{1,8}):(\\d{1,8}))?");
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "does not exist|job .* not found|has already|registered the job .* for deletion|has deleted job",
          "no suitable queue|unknown queue|queue .* does not exist|no access to|access denied|not allowed|unknown resource|parallel environment .* does not exist|not a submit host|no submit host|denied: host|SGE_ROOT|Unknown option|project .* does not exist");

  @Override
  public String name() {
    return "GridEngine";
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(Capability.MULTI_CORE, Capability.WHOLE_NODE, Capability.GPU);
  }

  @Override
  public int longestArray() {
    return 1000;
  }

  @Override
  public String script(BatchJob job) {
    long eachMb = (job.size().memoryMb() + job.cores() - 1) / job.cores();
    long seconds = job.size().wallTime().toSeconds();
    boolean ownEnvironment =
        job.place().directives().stream().anyMatch(line -> line.contains("-pe "));
    return new JobScript(job, "#$")
        .add("-N " + job.name())
        .add("-S /bin/sh")
        .add("-j y")
        .add("-o " + job.folder() + "/out." + (job.isArray() ? "$TASK_ID" : "1"))
        .add("-wd " + job.folder())
        .add("-r n")
        .addIf(job.isArray(), "-t 1-" + job.count())
        .addIf(job.place().queue(), "-q ")
        .addIf(job.place().account(), "-P ")
        .addIf(job.cores() > 1 && !ownEnvironment, "-pe smp " + job.cores())
        .addIf(job.size().wholeNode(), "-l exclusive=true")
        .addIf(eachMb > 0, "-l h_vmem=" + eachMb + "M")
        .addIf(job.size().gpus() > 0, "-l gpu=" + job.size().gpus())
        .addIf(seconds > 0, "-l h_rt=" + seconds)
        .run("$SGE_TASK_ID", job.isArray() ? "$JOB_ID.$SGE_TASK_ID" : "$JOB_ID");
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return BatchCommand.of("qsub", "-terse")
        .and(Directives.fill(job.place().options(), job))
        .and(job.script());
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    return Answers.last(output, SUBMITTED)
        .map(answer -> ids(job, answer.group(1)))
        .orElse(List.of());
  }

  private static List<String> ids(BatchJob job, String id) {
    return job.ids(id, task -> id + "." + task);
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(BatchCommand.of("qstat", "-xml", "-u", "*"));
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    Matcher jobs = JOB.matcher(output);
    while (jobs.find()) {
      if (element(jobs.group(1), "JB_name").equals(job.name())) {
        String id = element(jobs.group(1), "JB_job_number");
        return id.matches("\\d{1,10}") ? ids(job, id) : List.of();
      }
    }
    return List.of();
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    // qstat without a job's number tells nothing but the list; with one it tells everything at
    // length.
    return List.of(BatchCommand.of("qstat", "-xml", "-u", "*"));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    Matcher jobs = JOB.matcher(output);
    while (jobs.find()) {
      String job = jobs.group(1);
      String id = element(job, "JB_job_number");
      if (!id.matches("\\d{1,10}")) {
        continue;
      }
      PilotReport report = report(element(job, "state"), element(job, "queue_name"));
      String tasks = element(job, "tasks");
      if (tasks.isEmpty()) {
        reports.put(id, report);
      } else {
        tasks(tasks).forEach(task -> reports.put(id + "." + task, report));
      }
    }
    return reports;
  }

  private static PilotReport report(String state, String queue) {
    String host = Answers.after(queue, "@");
    if (state.contains("E")) {
      return Answers.report(
          PilotState.HELD, "state " + state + ": error, see qstat -j", OptionalInt.empty(), host);
    }
    if (state.startsWith("d")) {
      return Answers.report(PilotState.RUNNING, "is being deleted", OptionalInt.empty(), host);
    }
    if (state.contains("h") && !state.contains("r")) {
      return Answers.report(PilotState.HELD, "state " + state);
    }
    if (state.contains("s") || state.contains("S") || state.contains("T")) {
      return Answers.report(PilotState.HELD, "suspended", OptionalInt.empty(), host);
    }
    if (state.contains("q")) {
      return Answers.report(PilotState.WAITING, "");
    }
    return state.contains("r") || state.contains("t")
        ? Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host)
        : Answers.report(PilotState.UNKNOWN, "state " + state);
  }

  /** {@code 1-9:2} or {@code 3,5}; what is no number is left out. */
  private static List<Integer> tasks(String text) {
    List<Integer> tasks = new ArrayList<>();
    for (String part : text.split(",")) {
      Matcher range = RANGE.matcher(part.strip());
      if (range.matches()) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
        for (int task = first; task <= last && step > 0 && tasks.size() < 100_000; task += step) {
          tasks.add(task);
        }
      }
    }
    return tasks;
  }

  private static String element(String xml, String name) {
    int start = xml.indexOf("<" + name + ">");
    int end = xml.indexOf("</" + name + ">", Math.max(start, 0));
    return start < 0 || end < start ? "" : xml.substring(start + name.length() + 2, end).strip();
  }

  @Override
  public List<BatchCommand> history(Collection<String> ids) {
    return Answers.parents(ids, ".").stream()
        .map(job -> BatchCommand.of("qacct", "-j", job))
        .toList();
  }

  @Override
  public Map<String, PilotReport> histories(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    Map<String, String> record = new TreeMap<>();
    for (String line : Answers.lines(Answers.whole(output) + "=====\n")) {
      if (line.startsWith("=====")) {
        add(reports, record);
        record.clear();
      } else {
        String[] words = line.split("\\s+", 2);
        record.put(words[0], words.length > 1 ? words[1].strip() : "");
      }
    }
    return reports;
  }

  private static void add(Map<String, PilotReport> reports, Map<String, String> record) {
    String job = record.getOrDefault("jobnumber", "");
    String task = record.getOrDefault("taskid", "undefined");
    // The record is whole when what is written after the exit code is there.
    OptionalInt code = Answers.number(Answers.before(record.getOrDefault("exit_status", ""), " "));
    if (!job.matches("\\d{1,10}") || code.isEmpty() || !record.containsKey("ru_wallclock")) {
      return;
    }
    String failed = record.getOrDefault("failed", "0");
    String host = record.getOrDefault("hostname", "");
    boolean byItself = Answers.before(failed, " ").equals("0") && code.getAsInt() < 128;
    reports.put(
        Answers.number(task).isPresent() ? job + "." + task : job,
        byItself
            ? Answers.ended(code.getAsInt(), host)
            : Answers.report(
                PilotState.ABORTED,
                reason(failed, code.getAsInt())
                    + GridEngineLimits.exceeded(record).map(": "::concat).orElse(""),
                code,
                host));
  }

  private static String reason(String failed, int code) {
    return failed.startsWith("0") ? "ended by signal " + (code - 128) : failed;
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    Map<String, List<String>> tasks =
        ids.stream()
            .collect(
                Collectors.groupingBy(
                    id -> Answers.before(id, "."), LinkedHashMap::new, Collectors.toList()));
    List<BatchCommand> commands = new ArrayList<>();
    List<String> single = new ArrayList<>();
    tasks.forEach(
        (job, members) -> {
          List<String> numbers =
              members.stream().map(id -> Answers.after(id, ".")).filter(n -> !n.isEmpty()).toList();
          if (numbers.isEmpty()) {
            single.add(job);
          } else {
            commands.add(BatchCommand.of("qdel", job, "-t", String.join(",", numbers)));
          }
        });
    if (!single.isEmpty()) {
      commands.addFirst(BatchCommand.of("qdel").and(single));
    }
    return commands;
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(
        BatchCommand.of("qstat", "-g", "c")
            .and(queue.isEmpty() ? List.of() : List.of("-q", queue)));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    OptionalInt used = OptionalInt.empty();
    OptionalInt free = OptionalInt.empty();
    int usedAt = -1;
    int freeAt = -1;
    for (String line : Answers.lines(outputs.getFirst())) {
      // "CLUSTER QUEUE" is one heading of two words.
      List<String> words = List.of(line.replace("CLUSTER QUEUE", "QUEUE").split("\\s+"));
      if (words.getFirst().equals("QUEUE")) {
        usedAt = words.indexOf("USED");
        freeAt = words.indexOf("AVAIL");
      } else if (usedAt > 0 && words.size() > Math.max(usedAt, freeAt)) {
        used = Answers.sum(used, words.get(usedAt));
        free = freeAt > 0 ? Answers.sum(free, words.get(freeAt)) : free;
      }
    }
    return new QueueInfo(OptionalInt.empty(), used, free);
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
