package org.spinor.cli.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.spinor.api.JobId;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.Session;
import org.spinor.client.Condition;
import org.spinor.client.JobSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The jobs that a command is for: by number, by query, or both (then those of both). */
final class JobSelection {
  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Numbers and ranges: 5 7,9 20-40; - reads them from the standard input.")
  private List<String> words = new ArrayList<>();

  @Mixin private JobQuery query = new JobQuery();

  /** The jobs asked for. */
  JobSet required(Context context, Session session) {
    List<JobId> ids = ids(context);
    List<Condition> conditions = query.conditions(context, session);
    if (ids.isEmpty() && conditions.isEmpty()) {
      throw Failure.usage(
          "which jobs?", "name them by number (5 7,9 20-40) or by query (--status Failed)");
    }
    return set(ids, conditions);
  }

  /** The jobs asked for; all of them where nothing was asked. */
  List<Condition> conditions(Context context, Session session) {
    List<JobId> ids = ids(context);
    List<Condition> conditions = query.conditions(context, session);
    return ids.isEmpty() ? conditions : set(ids, conditions).conditions();
  }

  private static JobSet set(List<JobId> ids, List<Condition> conditions) {
    if (conditions.isEmpty()) {
      return new JobSet.Ids(ids);
    }
    List<Condition> all = new ArrayList<>(conditions);
    if (!ids.isEmpty()) {
      all.addAll(Condition.jobs(ids));
    }
    return new JobSet.Matching(all);
  }

  private List<JobId> ids(Context context) {
    if (!words.contains("-")) {
      return JobNumbers.parse(words);
    }
    List<String> all = new ArrayList<>(words);
    all.remove("-");
    try {
      String text = new String(context.terminal().in().readAllBytes(), StandardCharsets.UTF_8);
      all.addAll(List.of(text.strip().split("[\\s,]+")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the standard input", e);
    }
    return JobNumbers.parse(all);
  }
}
