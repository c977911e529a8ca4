package org.spinor.server.jobs.status;

import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.spinor.api.ErrorCode;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.api.JobStatus;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.SpinorException;
import org.spinor.server.database.Batcher;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.rows.Commands;
import org.spinor.server.jobs.rows.JobRows;
import org.spinor.server.jobs.rows.LockedJob;
import org.spinor.server.jobs.rows.Reach;
import org.spinor.server.jobs.rows.SqlArrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes the heartbeats of running jobs; those that come at the same time share a transaction. */
@Component
final class Heartbeats {
  private static final int LANES = 2;
  private static final int MAX_BATCH = 300;

  private final Transactions transactions;
  private final JdbcClient jdbc;
  private final JobRows rows;
  private final Reach reach;
  private final Commands commands;
  private final Batcher<Request, Answer> batches;

  Heartbeats(
      Transactions transactions, JdbcClient jdbc, JobRows rows, Reach reach, Commands commands) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.rows = rows;
    this.reach = reach;
    this.commands = commands;
    this.batches = new Batcher<>("job-heartbeats", LANES, MAX_BATCH, this::write);
  }

  @PreDestroy
  void stop() {
    batches.close();
  }

  private record Request(Caller caller, Map<Long, HeartbeatData> data) {}

  private record Beat(long jobId, HeartbeatData data) {}

  private sealed interface Answer {
    record Given(List<JobCommand> commands) implements Answer {}

    record Refused(SpinorException refusal) implements Answer {}
  }

  /**
   * @return commands for the wrappers of these jobs, each once
   * @throws SpinorException FORBIDDEN, NOT_FOUND, STALE_ATTEMPT: nothing was written
   */
  List<JobCommand> beat(Caller caller, Map<Long, HeartbeatData> data) {
    return switch (batches.submit(new Request(caller, data))) {
      case Answer.Given(List<JobCommand> commands) -> commands;
      case Answer.Refused(SpinorException refusal) -> throw refusal;
    };
  }

  private List<Answer> write(List<Request> requests) {
    TreeSet<Long> ids = new TreeSet<>();
    requests.forEach(request -> ids.addAll(request.data().keySet()));
    return transactions.in(
        () -> {
          Map<Long, LockedJob> jobs = rows.lock(ids);
          List<Optional<SpinorException>> refusals =
              requests.stream().map(request -> refusal(request, jobs)).toList();
          List<Beat> beats = new ArrayList<>();
          for (int i = 0; i < requests.size(); i++) {
            if (refusals.get(i).isEmpty()) {
              requests.get(i).data().forEach((id, data) -> beats.add(new Beat(id, data)));
            }
          }
          Set<Long> heard = beats.stream().map(Beat::jobId).collect(Collectors.toSet());
          jobs.values().stream()
              .filter(job -> heard.contains(job.jobId()))
              .forEach(Heartbeats::hear);
          rows.save(jobs.values());
          insert(beats);
          List<JobCommand> taken = commands.take(beats.stream().map(Beat::jobId).toList());
          return answers(requests, refusals, taken);
        });
  }

  private Optional<SpinorException> refusal(Request request, Map<Long, LockedJob> jobs) {
    Optional<SpinorException> refused =
        StatusReports.refusal(reach, request.caller(), request.data().keySet(), jobs);
    if (refused.isPresent()) {
      return refused;
    }
    List<Long> unknown =
        request.data().keySet().stream().filter(id -> !jobs.containsKey(id)).toList();
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(new SpinorException(ErrorCode.NOT_FOUND, "no such jobs: " + unknown));
  }

  private static void hear(LockedJob job) {
    job.heard(job.now());
    job.renewLease();
    if (job.status() == JobStatus.Matched || job.status() == JobStatus.Stalled) {
      JobStatusUpdate runs = new JobStatusUpdate(JobStatus.Running, null, null, "Heartbeat");
      StatusRules.Outcome outcome =
          StatusRules.apply(
              job.state(), Optional.empty(), List.of(new Report(job.now(), runs)), false);
      job.become(outcome.state(), job.now(), outcome.log());
    }
  }

  private void insert(List<Beat> beats) {
    List<Beat> measured = beats.stream().filter(beat -> measured(beat.data())).toList();
    if (!measured.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO jobs.heartbeat (job_id, load_average, memory_used, vsize, available_disk_space, cpu_consumed,
                wall_clock_time)
              SELECT * FROM unnest(:ids::bigint[], :loads::float8[], :memory::float8[], :vsizes::float8[], :disk::float8[],
                :cpu::float8[], :wall::float8[])
              """)
          .param("ids", SqlArrays.numbers(measured, Beat::jobId))
          .param("loads", SqlArrays.texts(measured, beat -> beat.data().loadAverage()))
          .param("memory", SqlArrays.texts(measured, beat -> beat.data().memoryUsed()))
          .param("vsizes", SqlArrays.texts(measured, beat -> beat.data().vsize()))
          .param("disk", SqlArrays.texts(measured, beat -> beat.data().availableDiskSpace()))
          .param("cpu", SqlArrays.texts(measured, beat -> beat.data().cpuConsumed()))
          .param("wall", SqlArrays.texts(measured, beat -> beat.data().wallClockTime()))
          .update();
    }
    // The last output of each job: in one statement a row can be written once.
    Map<Long, String> outputs = new LinkedHashMap<>();
    for (Beat beat : beats) {
      String output = beat.data().standardOutput();
      if (output != null) {
        outputs.put(beat.jobId(), output.replace('\0', '\uFFFD'));
      }
    }
    if (!outputs.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO jobs.peek (job_id, logged, standard_output)
              SELECT id, now(), output FROM unnest(:ids::bigint[], :outputs::text[]) AS o(id, output) ORDER BY id
              ON CONFLICT (job_id) DO UPDATE SET logged = excluded.logged, standard_output = excluded.standard_output
              """)
          .param("ids", SqlArrays.ids(outputs.keySet()))
          .param("outputs", outputs.values().toArray(String[]::new))
          .update();
    }
  }

  private static boolean measured(HeartbeatData data) {
    return data.loadAverage() != null
        || data.memoryUsed() != null
        || data.vsize() != null
        || data.availableDiskSpace() != null
        || data.cpuConsumed() != null
        || data.wallClockTime() != null;
  }

  private static List<Answer> answers(
      List<Request> requests, List<Optional<SpinorException>> refusals, List<JobCommand> taken) {
    Map<Long, List<JobCommand>> commands =
        taken.stream().collect(Collectors.groupingBy(command -> command.jobId().value()));
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      if (refusals.get(i).isPresent()) {
        answers.add(new Answer.Refused(refusals.get(i).get()));
        continue;
      }
      List<JobCommand> own = new ArrayList<>();
      for (long id : requests.get(i).data().keySet()) {
        // Where two requests name the same job the first one gets its commands.
        List<JobCommand> its = commands.remove(id);
        if (its != null) {
          own.addAll(its);
        }
      }
      answers.add(new Answer.Given(own));
    }
    return answers;
  }
}
