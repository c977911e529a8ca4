package org.spinor.pilot;

import java.util.Locale;

/**
 * Everything that a pilot can be told. Each stands as {@code --name=value} on the command line, as
 * {@code SPINOR_PILOT_NAME} in the environment, as {@code name} in the file given with {@code
 * --config}; the first of these counts. Times are {@code 90}, {@code 90s}, {@code 5m}, {@code 2h}
 * or {@code 3d}; lists are separated by commas.
 */
enum Option {
  CONFIG("FILE", "", "Further options: lines NAME=value, or one JSON object."),
  SERVER(
      "URL",
      "",
      "The server's address or an edge's, without a path, or an edge's spool, file:///folder. Needed."),
  STAMP("TEXT", "", "The name under which the server knows this pilot. Needed."),
  SECRET_FILE(
      "FILE",
      "",
      "Holds the pilot's secret. Deleted once read if it is in the work directory. Needed."),
  SECRET_ORIGIN(
      "FILES",
      "",
      "Where the secret was before, and others; a payload under bubblewrap does not see them."),
  NODE_NUMBER(
      "N",
      "0",
      "Number of this node in its allocation; from 1 on the pilot is a further one, at the place of the one with the stamp."),
  CA("PATH", "", "A file or a folder of PEM certificates to trust besides the usual ones."),

  WORK_DIR("DIR", ".", "Where jobs run. Its own for each pilot."),
  CACHE_DIR(
      "DIR",
      "",
      "What pilots on this host share (the CPU power); default: beside the work directory."),
  BOOTSTRAP_LOG("FILE", "", "What was said before the pilot began; put before the log."),
  LOG_LIMIT("MB", "16", "Most of the log that is kept on disk while the server is away."),

  SITE("NAME", "Unknown", "The site's name, for jobs (DIRACSITE)."),
  CE("NAME", "", "The computing element's name, for jobs' parameters."),
  QUEUE("NAME", "", "The queue's name, for jobs' parameters."),

  CORES("N", "0", "Cores to use; 0: all that the slot has."),
  MEMORY("MB", "0", "Memory to use; 0: all that the slot has."),
  DISK("MB", "0", "Scratch space to use; 0: what is free."),
  GPUS("N", "-1", "GPUs to use; -1: all that the slot has."),
  CPU_POWER("DB12", "0", "Power of one core; 0: measure it."),
  PLATFORMS("LIST", "", "Platforms to offer, best first; empty: what is found; any: no test."),
  MAX_WALL("TIME", "0", "Length of the slot from the pilot's start; 0: ask the batch system."),
  MIN_DISK("MB", "100", "Less free scratch space makes the node unfit."),
  MIN_MEMORY("MB", "200", "Less memory makes the node unfit."),
  MAX_CLOCK_ERROR("TIME", "10m", "A larger difference to the server's clock makes the node unfit."),

  MODE(
      "pool|single",
      "pool",
      "pool: jobs side by side as cores and memory allow; single: one at a time."),
  MAX_JOBS("N", "0", "End after so many jobs; 0: no limit."),
  MAX_PARALLEL("N", "1024", "At most so many jobs side by side, however many cores there are."),
  CPU_TIME(
      "SECONDS", "0", "CPU work that the slot allows, normalised seconds; 0: from the time left."),
  TAGS("LIST", "", "Tags to offer."),
  REQUIRED_TAGS("LIST", "", "Take only jobs with these tags."),
  JOB_TYPES("LIST", "", "Take only jobs of these types."),
  BANNED_JOB_TYPES("LIST", "", "Take no jobs of these types."),
  OWNER_GROUPS("LIST", "", "Take only jobs of these groups."),
  OWNERS("LIST", "", "Take only jobs of these owners."),
  IDLE("TIME", "60s", "End after so long without any job."),
  MAX_EMPTY_ANSWERS(
      "N", "0", "End after so many answers without a job in a row while idle; 0: never."),
  MAX_HOST_FAILURES("N", "3", "End after so many attempts in a row that this node failed."),
  MIN_TIME_LEFT("TIME", "300s", "Take no job when the slot has less left."),
  DRAIN_FILE("FILE", "", "While this file exists, no job is taken."),
  SERVER_PATIENCE("TIME", "30m", "How long an idle pilot waits for a server that is away."),
  HEARTBEAT("TIME", "60s", "Pause between heartbeats until the server says another."),
  RETRY_PAUSE(
      "TIME", "1s", "First pause before a failed call is repeated; doubled up to a minute."),
  STOP_GRACE("TIME", "10s", "On SIGTERM, how long jobs may go on before they are given back."),
  STOP_LIMIT("TIME", "30s", "On SIGTERM, how long everything after that may take."),

  ISOLATION("HOW", "auto", "auto, bubblewrap, apptainer, podman or none."),
  IMAGE("IMAGE", "", "For Apptainer or Podman; auto uses them only where this is given."),
  CONTAINER_OPTIONS("LIST", "", "Further options for Apptainer or Podman."),
  WRITABLE_PATHS("LIST", "", "Paths that stay writable under bubblewrap."),
  KILL_GRACE("TIME", "10s", "Between SIGTERM and SIGKILL to a payload."),
  OUTPUT_LIMIT(
      "MB", "20", "Kept of each of standard output and error: the first and the last half."),
  INPUT_LIMIT("MB", "10000", "An unpacked input sandbox may have so much."),
  INPUT_ENTRIES("N", "100000", "An input sandbox may have so many files, folders and links."),
  SANDBOX_LIMIT("BYTES", "104857600", "A packed output sandbox may have so much."),
  DOWNLOAD_PATIENCE(
      "TIME", "10m", "How long an input sandbox is tried before the attempt is given back."),
  REPORT_PATIENCE(
      "TIME", "12h", "How long outputs and reports of a job that is over wait for the server."),
  KEEP_FOLDERS("yes|no", "no", "Keep jobs' folders, to look at them."),

  CHECK_INTERVAL("TIME", "10s", "How often the watchdog looks at a payload."),
  JOB_MAX_WALL("TIME", "3d", "Wall-clock limit of jobs that have none of their own."),
  MIN_FREE_DISK("MB", "10", "A job is ended when less is free."),
  JOB_DISK("MB", "0", "A job may write so much; 0: its share of the node by cores."),
  CPU_SAMPLE("TIME", "30m", "Time over which a job's progress is judged."),
  MIN_CPU_PERCENT(
      "N", "5", "Less CPU time than this part of wall-clock time is no progress; 0: off."),
  CHECK_CPU_LIMIT("yes|no", "no", "Whether jobs' CPU limits are enforced."),
  CPU_MARGIN("PERCENT", "20", "How far a CPU limit may be passed."),
  CHECK_MEMORY("yes|no", "yes", "Whether jobs' memory is enforced."),
  MEMORY_MARGIN("PERCENT", "10", "How far a job's memory may be passed."),
  WRAP_UP(
      "TIME", "1500s", "Kept at the end of the slot for outputs; at most a tenth of what is left.");

  private final String value;
  private final String standard;
  private final String help;

  Option(String value, String standard, String help) {
    this.value = value;
    this.standard = standard;
    this.help = help;
  }

  /** As on the command line, without the dashes. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String variable() {
    return "SPINOR_PILOT_" + name();
  }

  /** The value where nothing is told; empty: none. */
  String standard() {
    return standard;
  }

  /** One line for {@code --help}. */
  String helpLine() {
    String end = standard.isEmpty() ? "" : " [" + standard + "]";
    return String.format(Locale.ROOT, "  --%-28s %s%s", key() + "=" + value, help, end);
  }
}
