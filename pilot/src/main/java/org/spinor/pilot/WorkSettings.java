package org.spinor.pilot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which work a pilot asks for, and when it ends. {@link Option} says what each means.
 *
 * @param pool jobs side by side
 * @param cpuTime 0: from the time left
 */
record WorkSettings(
    boolean pool,
    int maxJobs,
    int maxParallel,
    long cpuTime,
    List<String> tags,
    List<String> requiredTags,
    List<String> jobTypes,
    List<String> bannedJobTypes,
    List<String> ownerGroups,
    List<String> owners,
    Ending ending) {

  WorkSettings {
    tags = List.copyOf(tags);
    requiredTags = List.copyOf(requiredTags);
    jobTypes = List.copyOf(jobTypes);
    bannedJobTypes = List.copyOf(bannedJobTypes);
    ownerGroups = List.copyOf(ownerGroups);
    owners = List.copyOf(owners);
  }

  /** When a pilot ends, and how patient it is. */
  record Ending(
      Duration idle,
      int maxEmptyAnswers,
      int maxHostFailures,
      Duration minTimeLeft,
      Optional<Path> drainFile,
      Duration serverPatience,
      Duration heartbeat,
      Duration retryPause,
      Duration stopGrace,
      Duration stopLimit) {}

  static WorkSettings of(OptionValues values) {
    String drainFile = values.text(Option.DRAIN_FILE);
    return new WorkSettings(
        values.choice(Option.MODE, List.of("pool", "single")).equals("pool"),
        values.integer(Option.MAX_JOBS, 0),
        values.integer(Option.MAX_PARALLEL, 1),
        values.number(Option.CPU_TIME, 0),
        values.list(Option.TAGS),
        values.list(Option.REQUIRED_TAGS),
        values.list(Option.JOB_TYPES),
        values.list(Option.BANNED_JOB_TYPES),
        values.list(Option.OWNER_GROUPS),
        values.list(Option.OWNERS),
        new Ending(
            values.time(Option.IDLE),
            values.integer(Option.MAX_EMPTY_ANSWERS, 0),
            values.integer(Option.MAX_HOST_FAILURES, 1),
            values.time(Option.MIN_TIME_LEFT),
            drainFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(drainFile)),
            values.time(Option.SERVER_PATIENCE),
            values.time(Option.HEARTBEAT),
            values.time(Option.RETRY_PAUSE),
            values.time(Option.STOP_GRACE),
            values.time(Option.STOP_LIMIT)));
  }
}
