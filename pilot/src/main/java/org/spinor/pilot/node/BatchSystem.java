package org.spinor.pilot.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The batch systems whose slots are recognised, and how each is asked for the time left. */
enum BatchSystem {
  SLURM("Slurm", "SLURM_JOB_ID"),
  HTCONDOR("HTCondor", "_CONDOR_JOB_AD"),
  PBS("PBS", "PBS_JOBID"),
  LSF("LSF", "LSB_JOBID"),
  SGE("SGE", "JOB_ID");

  private final String text;
  private final String variable;

  BatchSystem(String text, String variable) {
    this.text = text;
    this.variable = variable;
  }

  @Override
  public String toString() {
    return text;
  }

  /** The batch system that this process runs under; empty where there is none. */
  static Optional<BatchSystem> detect(Host host) {
    for (BatchSystem system : values()) {
      if (host.variable(system.variable).isPresent()
          && (system != SGE || host.variable("SGE_ROOT").isPresent())) {
        return Optional.of(system);
      }
    }
    return Optional.empty();
  }

  /** The batch job's id, for people who look it up there. */
  String id(Host host) {
    if (this == SLURM) {
      // The last task of an array has the array's own number, by which all of it is meant.
      return host.variable("SLURM_ARRAY_JOB_ID")
          .flatMap(array -> host.variable("SLURM_ARRAY_TASK_ID").map(task -> array + "_" + task))
          .orElse(host.variable(variable).orElse(""));
    }
    if (this == HTCONDOR) {
      String ad = host.variable(variable).flatMap(host::file).orElse("");
      return attribute(ad, "ClusterId").map(String::valueOf).orElse("")
          + "."
          + attribute(ad, "ProcId").map(String::valueOf).orElse("");
    }
    return host.variable(variable).orElse("");
  }

  /** Cores given to the slot; empty where the batch system does not say. */
  Optional<Long> cores(Host host) {
    return switch (this) {
      case SLURM -> number(host, "SLURM_CPUS_ON_NODE");
      case HTCONDOR -> machineAttribute(host, "Cpus");
      case PBS -> number(host, "NCPUS").or(() -> number(host, "PBS_NUM_PPN"));
      case LSF -> number(host, "LSB_DJOB_NUMPROC");
      case SGE -> number(host, "NSLOTS");
    };
  }

  /** Memory given to the slot, MB. */
  Optional<Long> memoryMb(Host host) {
    return switch (this) {
      case SLURM ->
          number(host, "SLURM_MEM_PER_NODE")
              .or(
                  () ->
                      number(host, "SLURM_MEM_PER_CPU")
                          .flatMap(each -> cores(host).map(cores -> each * cores)))
              .filter(mebibytes -> mebibytes > 0)
              .map(BatchSystem::megabytes);
      case HTCONDOR -> machineAttribute(host, "Memory").map(BatchSystem::megabytes);
      case PBS, LSF, SGE -> Optional.empty();
    };
  }

  /**
   * Wall-clock time left in the slot; empty: unlimited or unknown.
   *
   * @param age how long the pilot has been running, for systems that tell the limit only
   */
  Optional<Duration> timeLeft(Host host, Instant now, Duration age) {
    String id = id(host);
    return switch (this) {
      case SLURM ->
          host.commands()
              .run(List.of("squeue", "-h", "-j", id, "-o", "%L"))
              .map(Durations::parse)
              // Nodes without Slurm's commands: as of the start, from version 22.05 on.
              .orElseGet(() -> number(host, "SLURM_JOB_END_TIME").map(end -> until(now, end)));
      case HTCONDOR -> condorTimeLeft(host, now);
      case PBS -> host.commands().run(List.of("qstat", "-f", id)).flatMap(BatchSystem::pbsTimeLeft);
      case LSF ->
          host.commands()
              .run(List.of("bjobs", "-noheader", "-o", "time_left", id))
              .map(BatchSystem::lsfTimeLeft)
              // Before version 9.1.1 there is no choice of columns.
              .orElseGet(
                  () ->
                      host.commands()
                          .run(List.of("bjobs", "-l", id))
                          .flatMap(answer -> lsfRunLimit(answer, age)));
      case SGE ->
          host.commands()
              .run(List.of("qstat", "-j", id))
              .flatMap(answer -> sgeTimeLeft(answer, sgeQueue(host), age));
    };
  }

  /**
   * {@code qstat -f}: the limit less what is used, of wall-clock and CPU time whichever is less.
   */
  static Optional<Duration> pbsTimeLeft(String qstat) {
    Optional<Duration> remaining = value(qstat, "Walltime\\.Remaining").flatMap(Durations::parse);
    Optional<Duration> wall = limitLessUsed(qstat, "walltime");
    Optional<Duration> cpu = limitLessUsed(qstat, "cput");
    return least(least(remaining, wall), cpu);
  }

  private static Optional<Duration> limitLessUsed(String qstat, String name) {
    Optional<Duration> used = value(qstat, "resources_used\\." + name).flatMap(Durations::parse);
    return value(qstat, "Resource_List\\." + name)
        .flatMap(Durations::parse)
        .map(limit -> notNegative(limit.minus(used.orElse(Duration.ZERO))));
  }

  /** {@code bjobs -o time_left}: {@code 23:54 L}, hours and minutes; {@code -}: no limit. */
  static Optional<Duration> lsfTimeLeft(String bjobs) {
    Matcher matcher = Pattern.compile("(\\d+):(\\d+)\\s*[LEX]?").matcher(bjobs.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(Long.parseLong(matcher.group(1)))
            .plusMinutes(Long.parseLong(matcher.group(2))));
  }

  /** {@code bjobs -l}: below {@code RUNLIMIT} the minutes allowed, of which the age is spent. */
  static Optional<Duration> lsfRunLimit(String bjobs, Duration age) {
    Matcher matcher = Pattern.compile("RUNLIMIT\\s+(\\d{1,9})(?:\\.\\d+)? min").matcher(bjobs);
    return matcher.find()
        ? Optional.of(notNegative(Duration.ofMinutes(Long.parseLong(matcher.group(1))).minus(age)))
        : Optional.empty();
  }

  private static String sgeQueue(Host host) {
    return host.variable("QUEUE")
        .flatMap(queue -> host.commands().run(List.of("qconf", "-sq", queue)))
        .orElse("");
  }

  /**
   * The soft or hard run time, asked ({@code qstat -j}) or of the queue ({@code qconf -sq}, where
   * hosts may differ: the least of them), less the wall-clock time used.
   */
  static Optional<Duration> sgeTimeLeft(String qstat, String qconf, Duration age) {
    Optional<Duration> limit =
        least(
            option(qstat, "s_rt").flatMap(Durations::parse),
            option(qstat, "h_rt").flatMap(Durations::parse));
    Matcher ofQueue = Pattern.compile("(?m)^[sh]_rt\\s+(.*)$").matcher(qconf);
    while (ofQueue.find()) {
      // "24:00:00,[wn1=12:00:00]"; INFINITY is none.
      Matcher times = Pattern.compile("\\d+(?::\\d+){1,3}").matcher(ofQueue.group(1));
      while (times.find()) {
        limit = least(limit, Durations.parse(times.group()));
      }
    }
    Duration used = option(qstat, "wallclock").flatMap(Durations::parse).orElse(age);
    return limit.map(all -> notNegative(all.minus(used)));
  }

  private static Optional<Duration> condorTimeLeft(Host host, Instant now) {
    String job = host.variable("_CONDOR_JOB_AD").flatMap(host::file).orElse("");
    Optional<Duration> allowed =
        attribute(job, "AllowedJobDuration")
            .or(() -> attribute(job, "AllowedExecuteDuration"))
            .flatMap(
                seconds ->
                    attribute(job, "JobCurrentStartExecutingDate")
                        .or(() -> attribute(job, "JobCurrentStartDate"))
                        .map(start -> until(now, start + seconds)));
    Optional<Duration> glidein =
        machineAttribute(host, "GLIDEIN_ToDie").map(end -> until(now, end));
    return least(allowed, glidein);
  }

  private static Duration until(Instant now, long epochSecond) {
    return notNegative(Duration.ofSeconds(epochSecond - now.getEpochSecond()));
  }

  private static Optional<Long> machineAttribute(Host host, String name) {
    return attribute(host.variable("_CONDOR_MACHINE_AD").flatMap(host::file).orElse(""), name);
  }

  /** An integer attribute of a ClassAd in its one-per-line form. */
  static Optional<Long> attribute(String ad, String name) {
    return value(ad, Pattern.quote(name)).filter(BatchSystem::isNumber).map(Long::valueOf);
  }

  private static Optional<String> value(String text, String namePattern) {
    Matcher matcher =
        Pattern.compile("(?m)^\\s*" + namePattern + "\\s*=\\s*(\\S+)\\s*$").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<String> option(String text, String name) {
    Matcher matcher = Pattern.compile("(?<![A-Za-z_])" + name + "=([0-9:.-]+)").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<Long> number(Host host, String variable) {
    return host.variable(variable).filter(BatchSystem::isNumber).map(Long::valueOf);
  }

  private static boolean isNumber(String text) {
    return text.length() <= 18 && text.matches("-?\\d+");
  }

  private static long megabytes(long mebibytes) {
    return mebibytes * 1_048_576 / 1_000_000;
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  static Optional<Duration> least(Optional<Duration> one, Optional<Duration> other) {
    if (one.isPresent() && other.isPresent()) {
      return one.get().compareTo(other.get()) < 0 ? one : other;
    }
    return one.or(() -> other);
  }
}
