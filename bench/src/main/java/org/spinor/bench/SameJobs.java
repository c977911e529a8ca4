package org.spinor.bench;

import java.util.ArrayList;
import java.util.List;
import org.spinor.client.Json;

/**
 * The same jobs in both tables, written straight into each server's own schema: one job is
 * submitted by the usual way, and its rows (job, description, log) are repeated with other owners,
 * sites and states. DiracX takes three hundred jobs a second; nobody waits an hour for a benchmark.
 */
final class SameJobs {
  static final String OWNER = "owner7";

  private static final String JDL =
      Json.write(
          List.of("Executable = \"/bin/echo\"; Arguments = \"first\"; JobName = \"bench\";"));
  private static final int PIECE = 100_000;

  // Both databases read these; i counts the jobs. A table as it looks after months: most is done.
  private static final String OWNERS = "concat('owner', i % 20)";
  private static final String STATE = "(i - i % 20) * 5 % 10000 / 100";
  private static final String STATUS = byState("Done", "Failed", "Killed", "Waiting");
  private static final String MINOR =
      byState(
          "Execution Complete",
          "Application Finished With Errors",
          "Marked for termination",
          "Pilot Agent Submission");
  private static final String SITE =
      "CASE WHEN %s < 90 THEN concat('LCG.Site', i %% 50, '.org') ELSE 'ANY' END".formatted(STATE);

  private SameJobs() {}

  private static String byState(String done, String failed, String killed, String waiting) {
    return "CASE WHEN %1$s < 70 THEN '%2$s' WHEN %1$s < 85 THEN '%3$s' WHEN %1$s < 90 THEN '%4$s' ELSE '%5$s' END"
        .formatted(STATE, done, failed, killed, waiting);
  }

  /** Makes it so many jobs; the server starts again afterwards, to learn of those that wait. */
  static void into(ServerUnderLoad spinor, String token, int jobs) {
    long first = submit(spinor.port(), token);
    List<String> sql = new ArrayList<>();
    sql.add("SET synchronous_commit = off");
    for (int from = 1; from < jobs; from += PIECE) {
      String numbers =
          "generate_series(%d, %d) i".formatted(from, Math.min(jobs, from + PIECE) - 1);
      sql.add(
          """
          INSERT INTO jobs.template (template_id, original, checked, jobs_left)
          SELECT template_id + i, original, checked, 1 FROM %s, jobs.template WHERE template_id = %d
          """
              .formatted(numbers, first));
      sql.add(
          """
          INSERT INTO jobs.job (job_id, template_id, class_number, user_priority, job_type, job_group, site, wanted_site,
            job_name, owner, owner_group, vo, status, minor_status, application_status)
          SELECT job_id + i, template_id + i, class_number, user_priority, job_type, job_group, %s, wanted_site,
            job_name, %s, owner_group, vo, %s, %s, application_status
          FROM %s, jobs.job WHERE job_id = %d
          """
              .formatted(SITE, OWNERS, STATUS, MINOR, numbers, first));
      sql.add(
          """
          INSERT INTO jobs.logging (job_id, attempt, status_time, status, minor_status, application_status, source)
          SELECT job_id + i, attempt, status_time, status, minor_status, application_status, source
          FROM %s, jobs.logging WHERE job_id = %d
          """
              .formatted(numbers, first));
    }
    sql.add("SELECT setval('jobs.job_id', %d)".formatted(first + jobs + 1000));
    sql.add("VACUUM ANALYZE");
    sql.add("CHECKPOINT");
    spinor.execute(sql);
    spinor.restart();
  }

  /** Makes it so many jobs. */
  static void into(DiracxServer diracx, int jobs) {
    long first = submit(diracx.port(), diracx.token());
    StringBuilder sql = new StringBuilder("USE jobdb; SET SESSION unique_checks = 0;\n");
    sql.append("SET SESSION foreign_key_checks = 0;\n");
    for (int from = 1; from < jobs; from += PIECE) {
      String numbers =
          "(SELECT seq i FROM seq_%d_to_%d) numbers"
              .formatted(from, Math.min(jobs, from + PIECE) - 1);
      sql.append(
          """
          INSERT INTO JobJDLs (JobID, JDL, JobRequirements, OriginalJDL)
          SELECT JobID + i, JDL, JobRequirements, OriginalJDL FROM %s, JobJDLs WHERE JobID = %d;
          """
              .formatted(numbers, first));
      sql.append(
          """
          INSERT INTO Jobs (JobID, JobType, JobGroup, Site, JobName, Owner, OwnerGroup, VO, SubmissionTime, LastUpdateTime,
            Status, MinorStatus, ApplicationStatus, UserPriority, RescheduleCounter, VerifiedFlag, AccountedFlag)
          SELECT JobID + i, JobType, JobGroup, %s, JobName, %s, OwnerGroup, VO, SubmissionTime, LastUpdateTime,
            %s, %s, ApplicationStatus, UserPriority, RescheduleCounter, VerifiedFlag, AccountedFlag
          FROM %s, Jobs WHERE JobID = %d;
          """
              .formatted(SITE, OWNERS, STATUS, MINOR, numbers, first));
      sql.append(
          """
          INSERT INTO jobloggingdb.LoggingInfo
          SELECT JobID + i, SeqNum, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource
          FROM %s, jobloggingdb.LoggingInfo WHERE JobID = %d;
          """
              .formatted(numbers, first));
    }
    sql.append("ANALYZE TABLE Jobs, JobJDLs, jobloggingdb.LoggingInfo;\n");
    diracx.database().execute(sql.toString());
  }

  private static long submit(int port, String token) {
    try (Wire wire = new Wire(port)) {
      Wire.Answer answer = wire.send("POST", "/api/jobs/jdl", token, JDL);
      if (answer.status() != 201) {
        throw new IllegalStateException("submission -> " + answer.status() + " " + answer.body());
      }
      return Json.tree(answer.body()).path(0).path("JobID").asLong();
    }
  }
}
