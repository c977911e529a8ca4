package org.spinor.cli.jobs;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;
import picocli.CommandLine.Option;

/** The options that find jobs by what they are. All that are given hold together. */
final class JobQuery {
  private static final DateTimeFormatter WIRE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  @Option(
      names = {"-s", "--status"},
      split = ",",
      paramLabel = "STATUS",
      description = "Jobs in this status, or one of several (Waiting,Running).")
  private List<JobStatus> statuses = new ArrayList<>();

  @Option(names = "--owner", paramLabel = "NAME", description = "Jobs of this user; 'me' is you.")
  private @Nullable String owner;

  @Option(names = "--site", paramLabel = "SITE", description = "Jobs at, or bound to, this site.")
  private @Nullable String site;

  @Option(names = "--group", paramLabel = "GROUP", description = "Jobs of this JobGroup.")
  private @Nullable String group;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "Jobs of this name; * stands for anything.")
  private @Nullable String name;

  @Option(
      names = {"-w", "--where"},
      paramLabel = "CONDITION",
      description =
          "Any column: 'Site eq LCG.CERN.ch', 'JobType in User,Test', 'UserPriority gt 3'."
              + " Operators: eq neq gt lt like 'not like' regex in 'not in'.")
  private List<String> conditions = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Jobs submitted since: 2h, 3d, 2026-11-21, 2026-11-21T10:30.")
  private @Nullable String since;

  /** The conditions of the options given; none where none was given. */
  List<Condition> conditions(Context context, Session session) {
    List<Condition> all = new ArrayList<>();
    if (statuses.size() == 1) {
      all.add(Condition.equal("Status", statuses.getFirst().name()));
    } else if (!statuses.isEmpty()) {
      all.add(Condition.in("Status", statuses.stream().map(JobStatus::name).toList()));
    }
    if (owner != null) {
      String who = owner.equals("me") ? session.client().login().userInfo().name() : owner;
      all.add(Condition.equal("Owner", who));
    }
    if (site != null) {
      all.add(Condition.equal("Site", site));
    }
    if (group != null) {
      all.add(Condition.equal("JobGroup", group));
    }
    if (name != null) {
      all.add(
          name.contains("*")
              ? new Condition("JobName", "like", name.replace('*', '%'))
              : Condition.equal("JobName", name));
    }
    try {
      conditions.forEach(text -> all.add(Condition.parse(text)));
      if (since != null) {
        String time = WIRE.format(Times.since(since, context.clock().instant(), context.zone()));
        all.add(new Condition("SubmissionTime", "gt", time));
      }
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
    return all;
  }
}
