package org.spinor.server.jobs.search;

import java.util.List;
import org.spinor.server.database.SearchColumn;
import org.spinor.server.database.SearchColumn.Kind;

/** The columns of a job, in the order and with the names of DiracX. */
final class JobColumns {
  static final List<SearchColumn> ALL =
      List.of(
          new SearchColumn("JobID", "job_id", Kind.INTEGER),
          new SearchColumn("JobType", "job_type", Kind.TEXT),
          new SearchColumn("JobGroup", "job_group", Kind.TEXT),
          new SearchColumn("Site", "site", Kind.TEXT),
          new SearchColumn("JobName", "job_name", Kind.TEXT),
          new SearchColumn("Owner", "owner", Kind.TEXT),
          new SearchColumn("OwnerGroup", "owner_group", Kind.TEXT),
          new SearchColumn("VO", "vo", Kind.TEXT),
          new SearchColumn("SubmissionTime", "submission_time", Kind.TIME),
          new SearchColumn("RescheduleTime", "reschedule_time", Kind.TIME),
          new SearchColumn("LastUpdateTime", "last_update_time", Kind.TIME),
          new SearchColumn("StartExecTime", "start_exec_time", Kind.TIME),
          new SearchColumn("HeartBeatTime", "heart_beat_time", Kind.TIME),
          new SearchColumn("EndExecTime", "end_exec_time", Kind.TIME),
          new SearchColumn("Status", "status", Kind.TEXT),
          new SearchColumn("MinorStatus", "minor_status", Kind.TEXT),
          new SearchColumn("ApplicationStatus", "application_status", Kind.TEXT),
          new SearchColumn("UserPriority", "user_priority", Kind.INTEGER),
          new SearchColumn("RescheduleCounter", "reschedule_counter", Kind.INTEGER),
          new SearchColumn("VerifiedFlag", "verified_flag", Kind.BOOLEAN),
          new SearchColumn("AccountedFlag", "accounted_flag", Kind.TEXT));

  private JobColumns() {}
}
