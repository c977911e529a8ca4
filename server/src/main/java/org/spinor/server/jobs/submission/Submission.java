package org.spinor.server.jobs.submission;

import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.InsertedJob;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.RequirementClasses;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.jobs.SandboxCheck;
import org.springframework.stereotype.Component;

/**
 * Submits jobs: all of one call or none. Small calls that come at the same time share a
 * transaction.
 */
@Component
public final class Submission {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 100;
  private static final int SMALL = 200;

  private final Configurations configurations;
  private final Preparation preparation;
  private final SandboxCheck sandboxes;
  private final RequirementClasses classes;
  private final Transactions transactions;
  private final JobIds ids;
  private final Insertion insertion;
  private final Batcher<List<PreparedJobs>, List<InsertedJob>> batches;

  Submission(
      Configurations configurations,
      Preparation preparation,
      SandboxCheck sandboxes,
      RequirementClasses classes,
      Transactions transactions,
      JobIds ids,
      Insertion insertion) {
    this.configurations = configurations;
    this.preparation = preparation;
    this.sandboxes = sandboxes;
    this.classes = classes;
    this.transactions = transactions;
    this.ids = ids;
    this.insertion = insertion;
    this.batches = new Batcher<>("job-submission", LANES, MAX_BATCH, this::insert);
  }

  @PreDestroy
  void stop() {
    batches.close();
  }

  /**
   * @param jdls one may be parametric; several may not
   * @throws SpinorException JDL_INVALID with all problems, INVALID_REQUEST: too many jobs
   */
  public List<InsertedJob> submit(Caller caller, List<String> jdls) {
    if (jdls.isEmpty()) {
      throw new SpinorException(
          ErrorCode.JDL_INVALID, "JDL syntax error", List.of("no job description was sent"));
    }
    Submitter submitter = Submitter.of(caller);
    requireFew(submitter, jdls.size());
    List<PreparedJobs> jobs = prepare(submitter, jdls);
    int count = jobs.stream().mapToInt(PreparedJobs::count).sum();
    requireFew(submitter, count);
    return count <= SMALL ? batches.submit(jobs) : insert(List.of(jobs)).getFirst();
  }

  private List<PreparedJobs> prepare(Submitter submitter, List<String> jdls) {
    List<PreparedJobs> prepared = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < jdls.size(); i++) {
      JdlProblems problems = new JdlProblems("JDL " + (i + 1));
      preparation.prepare(submitter, jdls.get(i), problems).ifPresent(prepared::add);
      lines.addAll(problems.lines());
    }
    if (jdls.size() > 1 && prepared.stream().anyMatch(PreparedJobs::isParametric)) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "You cannot submit parametric jobs in a bulk fashion");
    }
    lines.addAll(sandboxProblems(submitter, prepared));
    if (!lines.isEmpty()) {
      throw new SpinorException(
          ErrorCode.JDL_INVALID,
          "JDL syntax error: "
              + lines.getFirst().lines().findFirst().orElseThrow()
              + (lines.size() > 1 ? " (and " + (lines.size() - 1) + " more)" : ""),
          lines);
    }
    return prepared;
  }

  private List<String> sandboxProblems(Submitter submitter, List<PreparedJobs> prepared) {
    Set<String> names = new HashSet<>();
    prepared.forEach(jobs -> names.addAll(jobs.inputSandboxes()));
    if (names.isEmpty()) {
      return List.of();
    }
    return sandboxes
        .problems(submitter.vo(), submitter.owner(), submitter.ownerGroup(), names)
        .entrySet()
        .stream()
        .map(problem -> "InputSandbox: \"" + problem.getKey() + "\": " + problem.getValue())
        .sorted()
        .toList();
  }

  private void requireFew(Submitter submitter, int jobs) {
    int most = Limits.of(configurations.current(), submitter.vo()).job().maxJobsPerCall();
    if (jobs > most) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "Normal user cannot submit more than " + most + " jobs at once");
    }
  }

  private List<List<InsertedJob>> insert(List<List<PreparedJobs>> calls) {
    List<PreparedJobs> all = calls.stream().flatMap(List::stream).toList();
    Set<Requirements> wanted = new HashSet<>();
    all.forEach(jobs -> wanted.addAll(jobs.requirements()));
    // Before the transaction: new classes are made in one of their own.
    Map<Requirements, Integer> numbers = classes.numbersOf(wanted);
    List<Long> jobIds = ids.take(all.stream().mapToInt(PreparedJobs::count).sum());
    List<List<InsertedJob>> inserted =
        transactions.in(() -> insertion.insert(all, numbers, jobIds));
    List<List<InsertedJob>> answers = new ArrayList<>();
    int next = 0;
    for (List<PreparedJobs> call : calls) {
      List<InsertedJob> answer = new ArrayList<>();
      for (int i = 0; i < call.size(); i++) {
        answer.addAll(inserted.get(next++));
      }
      answers.add(answer);
    }
    return answers;
  }
}
