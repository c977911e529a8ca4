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
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/**
 * BQS, the batch system that the computing centre of IN2P3 wrote and used until 2011. Jobs are
 * known by the names that they are given, so a pilot's id is its job's name; there are no arrays.
 */
final class Bqs implements BatchSystem {
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "unknown job|no such job|not found|already ended",
          "unknown class|not authori[sz]ed|invalid option|unknown resource");

  @Override
  public String name() {
    return "BQS";
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(Capability.MULTI_CORE);
  }

  @Override
  public String script(BatchJob job) {
    long memory = job.size().memoryMb();
    return new JobScript(job, "#PBS")
        .add("-N " + job.name())
        .add("-eo")
        .add("-o " + job.folder() + "/out.1")
        .addIf(job.place().queue(), "-q ")
        .addIf(job.place().account(), "-P ")
        .addIf(job.wallMinutes() > 0, "-l T=" + job.size().wallTime().toSeconds())
        .addIf(memory > 0, "-l M=" + memory + "MB")
        .addIf(job.cores() > 1, "-l nproc=" + job.cores())
        .run("1", job.name());
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return BatchCommand.of("qsub")
        .and(Directives.fill(job.place().options(), job))
        .and(job.script());
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    // Whatever it says: what does not name the job is no confirmation.
    return output.contains(job.name()) ? List.of(job.name()) : List.of();
  }

  @Override
  public Optional<BatchCommand> find(BatchJob job) {
    return Optional.of(BatchCommand.of("qjob", "-nh", "-j", job.name()));
  }

  @Override
  public List<String> found(BatchJob job, String output) {
    return statuses(output).containsKey(job.name()) ? List.of(job.name()) : List.of();
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    return List.of(BatchCommand.of("qjob", "-nh", "-j", String.join(",", ids)));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    for (String line : Answers.lines(output)) {
      String[] words = line.split("\\s+");
      for (int i = 1; i < words.length; i++) {
        Optional<PilotState> state = state(words[i]);
        if (state.isPresent() && words[0].matches("[A-Za-z][A-Za-z0-9]{0,14}")) {
          reports.put(words[0], Answers.report(state.get(), ""));
          break;
        }
      }
    }
    return reports;
  }

  private static Optional<PilotState> state(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "QUEUED", "ACCEPTED", "STARTING" -> Optional.of(PilotState.WAITING);
      case "HELD", "SUSPENDED" -> Optional.of(PilotState.HELD);
      case "RUNNING", "ENDING" -> Optional.of(PilotState.RUNNING);
      case "ENDED" -> Optional.of(PilotState.DONE);
      case "KILLED", "ABORTED", "CANCELLED" -> Optional.of(PilotState.ABORTED);
      default -> Optional.empty();
    };
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(BatchCommand.of("qdel").and(List.copyOf(ids)));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(
        BatchCommand.of("qjob", "-nh").and(queue.isEmpty() ? List.of() : List.of("-q", queue)));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    Collection<PilotReport> reports = statuses(outputs.getFirst()).values();
    return new QueueInfo(
        count(reports, PilotState.WAITING),
        count(reports, PilotState.RUNNING),
        OptionalInt.empty());
  }

  private static OptionalInt count(Collection<PilotReport> reports, PilotState state) {
    return OptionalInt.of(
        Math.toIntExact(reports.stream().filter(report -> report.state() == state).count()));
  }

  @Override
  public String outputFile(int task, String id) {
    return "out.1";
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
