package org.spinor.plugins.computing.batch.system;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
 * Slurm, 17.11 and later. A pilot is {@code 123} or {@code 123_4}. Jobs that ended stay in {@code
 * squeue --states=all} for MinJobAge (300 s); after that {@code sacct} knows them where there is
 * accounting.
 */
final class Slurm implements BatchSystem {
  private static final Pattern SUBMITTED = Pattern.compile("(\\d{1,10})(;[^\\s;]*)?");
  private static final Pattern ID = Pattern.compile("\\d{1,10}(_\\d{1,10})?");
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "invalid job id|already completing or completed|Job has already finished",
          "invalid partition|invalid account|invalid qos|Requested node configuration is not available|More processors requested than permitted|Invalid generic resource|not permitted to use this partition|requested time limit is invalid|User not allowed|violates accounting/QOS policy|job size limit|Unable to resolve|Invalid user id|unrecognized option|Invalid directive");

  @Override
  public String name() {
    return "Slurm";
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
    JobScript script =
        new JobScript(job, "#SBATCH")
            .add("--job-name=" + job.name())
            .add("--output=" + job.folder() + "/out." + (job.isArray() ? "%a" : "1"))
            .add("--open-mode=append")
            // A pilot that is lost with its node is lost: the server sends another one.
            .add("--no-requeue")
            .addIf(job.isArray(), "--array=1-" + job.count())
            .addIf(job.place().queue(), "--partition=")
            .addIf(job.place().account(), "--account=")
            .add("--nodes=" + job.size().nodes())
            .add("--ntasks-per-node=1");
    if (job.size().wholeNode()) {
      script.add("--exclusive").add("--mem=0");
    } else {
      script
          .add("--cpus-per-task=" + job.cores())
          .addIf(job.size().memoryMb() > 0, "--mem=" + job.size().memoryMb() + "M");
    }
    return script
        .addIf(job.size().gpus() > 0, "--gres=gpu:" + job.size().gpus())
        .addIf(job.wallMinutes() > 0, "--time=" + job.wallMinutes())
        .run(
            "$SLURM_ARRAY_TASK_ID",
            job.isArray() ? "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" : "$SLURM_JOB_ID");
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return BatchCommand.of("sbatch", "--parsable")
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
    return job.ids(id, task -> id + "_" + task);
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(
        BatchCommand.of(
            "squeue", "--noheader", "--states=all", "--name=" + job.name(), "--format=%F"));
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    return Answers.jobNumber(output).map(id -> ids(job, id)).orElse(List.of());
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    // A number that is not known any more makes squeue fail where it is the only one; among several
    // it is left out.
    return List.of(
        BatchCommand.of(
            "squeue",
            "--noheader",
            "--array",
            "--states=all",
            "--jobs=" + String.join(",", Answers.parents(ids, "_")),
            "--format=%i|%T|%B|%r"));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (String line : Answers.lines(output)) {
      String[] fields = line.split("\\|", 4);
      if (fields.length == 4 && ID.matcher(fields[0]).matches()) {
        reports.put(fields[0], report(fields[1], fields[3], OptionalInt.empty(), host(fields[2])));
      }
    }
    return reports;
  }

  private static String host(String field) {
    return field.equals("n/a") || field.equals("None assigned") ? "" : field;
  }

  private static PilotReport report(String state, String reason, OptionalInt code, String host) {
    // sacct adds who did it: "CANCELLED by 1000"; either may mark a name that was cut with a plus.
    String word = Answers.before(state.toUpperCase(Locale.ROOT), " ").replace("+", "");
    String why = reason.equals("None") ? "" : reason;
    return switch (word) {
      case "PENDING" ->
          Answers.report(
              isHeld(why) ? PilotState.HELD : PilotState.WAITING, why, OptionalInt.empty(), "");
      case "CONFIGURING", "REQUEUED", "REQUEUE_FED" -> Answers.report(PilotState.WAITING, word);
      case "RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "RESIZING", "STOPPED" ->
          Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host);
      case "SUSPENDED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD" ->
          Answers.report(PilotState.HELD, word, OptionalInt.empty(), host);
      case "COMPLETED" -> Answers.report(PilotState.DONE, "", OptionalInt.of(0), host);
      case "FAILED" -> Answers.report(PilotState.FAILED, why, code, host);
      case "CANCELLED",
          "TIMEOUT",
          "NODE_FAIL",
          "PREEMPTED",
          "BOOT_FAIL",
          "DEADLINE",
          "OUT_OF_MEMORY",
          "REVOKED",
          "LAUNCH_FAILED",
          "RECONFIG_FAIL" ->
          Answers.report(PilotState.ABORTED, state, code, host);
      default -> Answers.report(PilotState.UNKNOWN, "state " + state);
    };
  }

  private static boolean isHeld(String reason) {
    return reason.startsWith("JobHeld")
        || reason.equals("job requeued in held state")
        || reason.startsWith("launch failed requeued held");
  }

  @Override
  public List<BatchCommand> history(Collection<String> ids) {
    return List.of(
        BatchCommand.of(
            "sacct",
            "--noheader",
            "--parsable2",
            "--allocations",
            "--array",
            "--jobs=" + String.join(",", Answers.parents(ids, "_")),
            "--format=JobID,State,ExitCode,NodeList"));
  }

  @Override
  public Map<String, PilotReport> histories(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (String line : Answers.lines(output)) {
      String[] fields = line.split("\\|", 4);
      if (fields.length == 4 && ID.matcher(fields[0]).matches()) {
        reports.put(fields[0], report(fields[1], "", exitCode(fields[2]), host(fields[3])));
      }
    }
    return reports;
  }

  /** {@code code:signal}. */
  private static OptionalInt exitCode(String field) {
    OptionalInt code = Answers.number(Answers.before(field, ":"));
    int signal = Answers.number(Answers.after(field, ":")).orElse(0);
    return signal > 0 ? OptionalInt.of(128 + signal) : code;
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(BatchCommand.of("scancel").and(List.copyOf(ids)));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    List<String> partition = queue.isEmpty() ? List.of() : List.of("--partition=" + queue);
    return List.of(
        BatchCommand.of("squeue", "--noheader", "--array", "--format=%T").and(partition),
        BatchCommand.of("sinfo", "--noheader", "--format=%C").and(partition));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    List<String> states = Answers.lines(outputs.getFirst());
    OptionalInt idle = OptionalInt.empty();
    for (String line : Answers.lines(outputs.getLast())) {
      // allocated/idle/other/total
      String[] cores = line.split("/");
      if (cores.length == 4 && Answers.number(cores[1]).isPresent()) {
        idle = OptionalInt.of(idle.orElse(0) + Integer.parseInt(cores[1]));
      }
    }
    return new QueueInfo(
        OptionalInt.of(Math.toIntExact(states.stream().filter("PENDING"::equals).count())),
        OptionalInt.of(Math.toIntExact(states.stream().filter("RUNNING"::equals).count())),
        idle);
  }

  @Override
  public String outputFile(int task, String id) {
    return "out." + task;
  }

  @Override
  public Optional<String> lastWords() {
    return Optional.of("^slurmstepd.*(exceeded memory limit|oom.kill event|CANCELLED AT)");
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
