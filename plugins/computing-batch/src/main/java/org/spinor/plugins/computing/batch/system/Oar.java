package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.QueueInfo;

/** OAR, 2.5 and later. Each job of an array has a number of its own. */
final class Oar implements BatchSystem {
  private static final Pattern SUBMITTED = Pattern.compile("OAR_JOB_ID\\s*=\\s*(\\d{1,10})");
  private static final Pattern BEGIN = Pattern.compile("(?:Job_Id|id)\\s*:\\s*(\\d{1,10})");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\s+([A-Za-z_]+) = (.*)");
  private static final Complaints COMPLAINTS =
      Complaints.of(
          "does not exist|no such job|already (terminated|killed)|is already|was not in a killable state",
          "queue .* (does not exist|is not)|not allowed|not enough resources|bad resource|Unknown option|admission rule.*error");

  @Override
  public String name() {
    return "OAR";
  }

  @Override
  public Set<Capability> sizes() {
    return EnumSet.of(Capability.MULTI_CORE, Capability.WHOLE_NODE, Capability.MULTI_NODE);
  }

  @Override
  public int longestArray() {
    return 100;
  }

  @Override
  public String script(BatchJob job) {
    return new JobScript(job, "#OAR")
        .add("-n " + job.name())
        .add("-O " + job.folder() + "/out.%jobid%")
        .add("-E " + job.folder() + "/out.%jobid%")
        .addIf(job.place().queue(), "-q ")
        .addIf(job.place().account(), "--project ")
        .add("-l " + resources(job))
        .addIf(job.isArray(), "--array " + job.count())
        .run("$OAR_ARRAY_INDEX", "$OAR_JOB_ID");
  }

  private static String resources(BatchJob job) {
    String nodes = "/nodes=" + job.size().nodes();
    String cores = job.size().wholeNode() ? "" : "/core=" + job.cores();
    String time = job.wallMinutes() > 0 ? ",walltime=" + job.wallClock() : "";
    return nodes + cores + time;
  }

  @Override
  public BatchCommand submit(BatchJob job) {
    return BatchCommand.of("oarsub", "-S")
        .and(Directives.fill(job.place().options(), job))
        .and(job.script());
  }

  @Override
  public List<String> submitted(BatchJob job, String output) {
    List<String> ids = new ArrayList<>();
    Matcher matcher = SUBMITTED.matcher(output);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids.size() == job.count() ? ids : List.of();
  }

  @Override
  public List<BatchCommand> status(Collection<String> ids) {
    List<String> arguments = new ArrayList<>(List.of("oarstat", "-f"));
    for (String id : ids) {
      arguments.add("-j");
      arguments.add(id);
    }
    return List.of(BatchCommand.of(arguments));
  }

  @Override
  public Map<String, PilotReport> statuses(String output) {
    Map<String, PilotReport> reports = new LinkedHashMap<>();
    String id = "";
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String line : (Answers.whole(output) + "id: 0").lines().toList()) {
      Matcher begin = BEGIN.matcher(line);
      Matcher attribute = ATTRIBUTE.matcher(line);
      if (begin.matches()) {
        add(reports, id, attributes);
        id = begin.group(1);
        attributes.clear();
      } else if (attribute.matches()) {
        attributes.putIfAbsent(attribute.group(1), attribute.group(2).strip());
      }
    }
    return reports;
  }

  private static void add(
      Map<String, PilotReport> reports, String id, Map<String, String> attributes) {
    String state = attributes.getOrDefault("state", "");
    if (!id.isEmpty() && !state.isEmpty()) {
      reports.put(id, report(state, attributes));
    }
  }

  private static PilotReport report(String state, Map<String, String> attributes) {
    String why = attributes.getOrDefault("message", "");
    String host = Answers.before(attributes.getOrDefault("assigned_hostnames", ""), "+");
    return switch (state) {
      case "Waiting", "toLaunch", "toAckReservation", "Launching" ->
          Answers.report(PilotState.WAITING, why);
      case "Hold" -> Answers.report(PilotState.HELD, why);
      case "Running", "Finishing" ->
          Answers.report(PilotState.RUNNING, "", OptionalInt.empty(), host);
      case "Suspended", "Resuming" ->
          Answers.report(PilotState.HELD, "suspended", OptionalInt.empty(), host);
      case "Terminated" -> terminated(attributes.getOrDefault("exit_code", ""), host);
      case "Error", "toError" ->
          Answers.report(
              PilotState.ABORTED,
              why.isEmpty() ? "state " + state : why,
              OptionalInt.empty(),
              host);
      default -> Answers.report(PilotState.UNKNOWN, "state " + state);
    };
  }

  /**
   * The number is what wait() gave: the exit code in the high byte, a signal in the low one; newer
   * versions say it in parentheses as well.
   */
  private static PilotReport terminated(String code, String host) {
    OptionalInt status = Answers.number(Answers.before(code, " "));
    if (status.isEmpty()) {
      return Answers.report(
          PilotState.UNKNOWN,
          "terminated, and no exit code is there yet",
          OptionalInt.empty(),
          host);
    }
    int signal = status.getAsInt() & 0x7f;
    return signal == 0
        ? Answers.ended(status.getAsInt() >> 8, host)
        : Answers.report(
            PilotState.ABORTED, "ended by signal " + signal, OptionalInt.of(128 + signal), host);
  }

  @Override
  public List<BatchCommand> cancel(Collection<String> ids) {
    return List.of(BatchCommand.of("oardel").and(List.copyOf(ids)));
  }

  @Override
  public List<BatchCommand> queue(String queue) {
    return List.of(BatchCommand.of("oarstat", "-f"));
  }

  @Override
  public QueueInfo queueState(String queue, List<String> outputs) {
    int waiting = 0;
    int running = 0;
    String state = "";
    boolean ours = queue.isEmpty();
    for (String line : (outputs.getFirst() + "\nid: 0").lines().toList()) {
      Matcher attribute = ATTRIBUTE.matcher(line);
      if (BEGIN.matcher(line).matches()) {
        waiting += ours && state.equals("Waiting") ? 1 : 0;
        running += ours && state.equals("Running") ? 1 : 0;
        state = "";
        ours = queue.isEmpty();
      } else if (attribute.matches()) {
        state = attribute.group(1).equals("state") ? attribute.group(2).strip() : state;
        ours |= attribute.group(1).equals("queue") && attribute.group(2).strip().equals(queue);
      }
    }
    return new QueueInfo(OptionalInt.of(waiting), OptionalInt.of(running), OptionalInt.empty());
  }

  @Override
  public String outputFile(int task, String id) {
    return "out." + id;
  }

  @Override
  public Complaints complaints() {
    return COMPLAINTS;
  }
}
