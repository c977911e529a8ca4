package org.spinor.pilot;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spinor.pilot.node.NodeOverrides;
import org.spinor.pilot.node.NodeTest;
import org.spinor.pilot.payload.ContainmentChoice;
import org.spinor.pilot.wrapper.WatchdogSettings;
import org.spinor.pilot.wrapper.WrapperSettings;

/**
 * What a pilot was told, read and checked. {@link Option} says what each means.
 *
 * @param nodeNumber of the allocation; 0: the first, or the only one
 * @param ca empty: none
 */
record PilotSettings(
    URI server,
    String stamp,
    int nodeNumber,
    Path secretFile,
    Optional<Path> ca,
    Place place,
    NodeOverrides node,
    NodeTest nodeTest,
    WorkSettings work,
    ContainmentChoice isolation,
    WrapperSettings wrapper) {

  private static final long MB = 1_000_000;

  /**
   * Where the pilot runs.
   *
   * @param bootstrapLog empty: none
   */
  record Place(
      Path workDir,
      Path cacheDir,
      Optional<Path> bootstrapLog,
      long logLimitBytes,
      String site,
      String ce,
      String queue) {}

  /**
   * Checks everything.
   *
   * @throws IllegalArgumentException if an option is wrong; one line per problem
   */
  static PilotSettings of(OptionValues values) {
    String server = values.needed(Option.SERVER);
    URI uri = URI.create("http://none");
    try {
      uri = new URI(server.endsWith("/") ? server : server + "/");
      if (!server.isEmpty()
          && !List.of("http", "https", "file").contains(String.valueOf(uri.getScheme()))) {
        values.problem(
            "--server takes an address such as https://host:8000, or the spool of an edge as"
                + " file:///folder, not "
                + server);
      }
    } catch (java.net.URISyntaxException e) {
      values.problem("--server is no address: " + e.getMessage());
    }
    String stamp = values.needed(Option.STAMP);
    if (!stamp.matches("[A-Za-z0-9._-]*")) {
      values.problem("--stamp takes letters, digits, dots, dashes and underscores");
    }
    PilotSettings settings =
        new PilotSettings(
            uri,
            stamp,
            values.integer(Option.NODE_NUMBER, 0),
            Path.of(values.needed(Option.SECRET_FILE)),
            path(values, Option.CA),
            place(values),
            node(values),
            new NodeTest(
                values.number(Option.MIN_DISK, 0),
                values.number(Option.MIN_MEMORY, 0),
                values.time(Option.MAX_CLOCK_ERROR)),
            WorkSettings.of(values),
            isolation(values, uri),
            wrapper(values));
    if (!values.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", values.problems()));
    }
    return settings;
  }

  /** The same as a pilot of another name, the first of its own. */
  PilotSettings as(String other) {
    return new PilotSettings(
        server, other, 0, secretFile, ca, place, node, nodeTest, work, isolation, wrapper);
  }

  private static Optional<Path> path(OptionValues values, Option option) {
    return Optional.of(values.text(option)).filter(text -> !text.isEmpty()).map(Path::of);
  }

  private static Place place(OptionValues values) {
    Path workDir = Path.of(values.text(Option.WORK_DIR)).toAbsolutePath().normalize();
    Path above = workDir.getParent() == null ? workDir : workDir.getParent();
    return new Place(
        workDir,
        path(values, Option.CACHE_DIR).map(Path::toAbsolutePath).orElse(above),
        path(values, Option.BOOTSTRAP_LOG),
        values.number(Option.LOG_LIMIT, 1) * MB,
        values.text(Option.SITE),
        values.text(Option.CE),
        values.text(Option.QUEUE));
  }

  private static NodeOverrides node(OptionValues values) {
    Duration maxWall = values.time(Option.MAX_WALL);
    return new NodeOverrides(
        values.integer(Option.CORES, 0),
        values.number(Option.MEMORY, 0),
        values.number(Option.DISK, 0),
        values.integer(Option.GPUS, -1),
        values.real(Option.CPU_POWER),
        values.list(Option.PLATFORMS),
        maxWall.isZero() ? Optional.empty() : Optional.of(maxWall));
  }

  private static ContainmentChoice isolation(OptionValues values, URI server) {
    String wish = values.choice(Option.ISOLATION, ContainmentChoice.WISHES);
    String image = values.text(Option.IMAGE);
    if (image.isEmpty() && List.of("apptainer", "podman").contains(wish)) {
      values.problem("--isolation=" + wish + " needs --image");
    }
    return new ContainmentChoice(
        wish,
        image,
        values.list(Option.CONTAINER_OPTIONS),
        hidden(values, server),
        values.list(Option.WRITABLE_PATHS).stream().map(Path::of).toList());
  }

  /** What payloads have no business with: secrets, and the spool with everybody's tokens. */
  private static List<Path> hidden(OptionValues values, URI server) {
    Stream<Path> secrets =
        Stream.concat(
            path(values, Option.SECRET_FILE).stream(),
            values.list(Option.SECRET_ORIGIN).stream().map(Path::of));
    Stream<Path> spool =
        "file".equals(server.getScheme()) ? Stream.of(Path.of(server.getPath())) : Stream.empty();
    return Stream.concat(secrets, spool).map(Path::toAbsolutePath).toList();
  }

  private static WrapperSettings wrapper(OptionValues values) {
    WatchdogSettings watchdog =
        new WatchdogSettings(
            values.time(Option.CHECK_INTERVAL),
            values.time(Option.JOB_MAX_WALL),
            values.number(Option.MIN_FREE_DISK, 0),
            values.number(Option.JOB_DISK, 0),
            values.time(Option.CPU_SAMPLE),
            values.real(Option.MIN_CPU_PERCENT),
            values.flag(Option.CHECK_CPU_LIMIT),
            values.real(Option.CPU_MARGIN),
            values.flag(Option.CHECK_MEMORY),
            values.real(Option.MEMORY_MARGIN),
            values.time(Option.WRAP_UP));
    return new WrapperSettings(
        values.time(Option.KILL_GRACE),
        values.number(Option.OUTPUT_LIMIT, 1) * MB,
        values.number(Option.INPUT_LIMIT, 1) * MB,
        values.integer(Option.INPUT_ENTRIES, 1),
        values.number(Option.SANDBOX_LIMIT, 1),
        values.time(Option.DOWNLOAD_PATIENCE),
        values.time(Option.REPORT_PATIENCE),
        values.time(Option.RETRY_PAUSE),
        WrapperSettings.defaults().slotMoment(),
        values.flag(Option.KEEP_FOLDERS),
        watchdog);
  }
}
