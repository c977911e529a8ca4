package org.spinor.api;

/** The minor statuses of a job that programs depend on, in the words DIRAC's users know. */
public final class MinorStatus {
  public static final String JOB_ACCEPTED = "Job accepted";
  public static final String BULK_CONFIRMATION = "Bulk transaction confirmation";
  public static final String RESCHEDULED = "Job Rescheduled";
  public static final String PILOT_AGENT_SUBMISSION = "Pilot Agent Submission";
  public static final String NO_INPUT_DATA = "Input Data Not Available";
  public static final String NO_CANDIDATE_SITES = "No candidate sites available";
  public static final String ASSIGNED = "Assigned";
  public static final String RECEIVED_BY_AGENT = "Job Received by Agent";
  public static final String MAX_RESCHEDULING = "Maximum of reschedulings reached";
  public static final String JOB_INITIALIZATION = "Job Initialization";
  public static final String DOWNLOADING_INPUT_SANDBOX = "Downloading InputSandbox";
  public static final String FAILED_DOWNLOADING_INPUT_SANDBOX = "Failed Downloading InputSandbox";
  public static final String APPLICATION = "Application";
  public static final String APPLICATION_NOT_FOUND = "Application not found";
  public static final String APPLICATION_THREAD_FAILED = "Application thread failed";
  public static final String APPLICATION_SUCCESS = "Application Finished Successfully";
  public static final String APPLICATION_ERRORS = "Application Finished With Errors";
  public static final String GOING_TO_RESCHEDULE = "Going to reschedule job";
  public static final String WATCHDOG_STALLED = "Watchdog identified this job as stalled";
  public static final String CPU_LIMIT = "Job has reached the CPU limit of the queue";
  public static final String WALL_LIMIT = "Job has exceeded maximum wall clock time";
  public static final String DISK_SPACE = "Job has insufficient disk space to continue";
  public static final String MEMORY_LIMIT = "Job has exceeded its memory limit";
  public static final String KILL_SIGNAL = "Received Kill signal";
  public static final String UPLOADING_OUTPUT_SANDBOX = "Uploading Output Sandbox";
  public static final String OUTPUT_SANDBOX_UPLOADED = "Output Sandbox Uploaded";
  public static final String EXECUTION_COMPLETE = "Execution Complete";
  public static final String MARKED_FOR_TERMINATION = "Marked for termination";
  public static final String MARKED_FOR_DELETION = "Marked for deletion";
  public static final String VALIDATING_RESULTS = "Validating Results";
  public static final String RESULTS_REJECTED = "Results Rejected";
  public static final String NEEDS_ANOTHER_RESULT = "Waiting For Another Result";
  public static final String PILOT_LOST = "Job stalled: pilot not running";

  private MinorStatus() {}
}
