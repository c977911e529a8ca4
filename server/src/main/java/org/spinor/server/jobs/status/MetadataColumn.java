package org.spinor.server.jobs.status;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;

/** The columns of a job that metadata may set, in the names of the wire. */
enum MetadataColumn {
  JobType("job_type", "text", Who.ALL),
  JobGroup("job_group", "text", Who.ALL),
  Site("site", "text", Who.ALL),
  JobName("job_name", "text", Who.ALL),
  Owner("owner", "text", Who.ADMINISTRATORS),
  OwnerGroup("owner_group", "text", Who.ADMINISTRATORS),
  VO("vo", "text", Who.NOBODY),
  SubmissionTime("submission_time", "timestamptz", Who.ADMINISTRATORS),
  RescheduleTime("reschedule_time", "timestamptz", Who.ADMINISTRATORS),
  LastUpdateTime("last_update_time", "timestamptz", Who.ALL),
  StartExecTime("start_exec_time", "timestamptz", Who.ALL),
  HeartBeatTime("heart_beat_time", "timestamptz", Who.ALL),
  EndExecTime("end_exec_time", "timestamptz", Who.ALL),
  Status("status", "text", Who.NOT_PAYLOADS),
  MinorStatus("minor_status", "text", Who.ALL),
  ApplicationStatus("application_status", "text", Who.ALL),
  UserPriority("user_priority", "int", Who.ADMINISTRATORS),
  RescheduleCounter("reschedule_counter", "int", Who.ADMINISTRATORS),
  VerifiedFlag("verified_flag", "boolean", Who.ADMINISTRATORS),
  AccountedFlag("accounted_flag", "text", Who.ALL);

  /** Who may set it. */
  enum Who {
    ALL,
    NOT_PAYLOADS,
    ADMINISTRATORS,
    NOBODY
  }

  private static final int MAX_TEXT = 255;
  private static final Map<String, MetadataColumn> BY_NAME =
      Arrays.stream(values())
          .flatMap(
              column ->
                  Stream.of(
                      Map.entry(column.name(), column),
                      Map.entry(column.name().equals("VO") ? "vo" : column.sql, column)))
          .distinct()
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  private final String sql;
  private final String type;
  private final Who who;

  MetadataColumn(String sql, String type, Who who) {
    this.sql = sql;
    this.type = type;
    this.who = who;
  }

  /** By its name on the wire or the one with underscores. */
  static Optional<MetadataColumn> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  String sql() {
    return sql;
  }

  String type() {
    return type;
  }

  Who who() {
    return who;
  }

  /** The value as text that the column's type can be cast from. */
  String read(Object value) {
    String text = value.toString().replace('\0', '\uFFFD');
    return switch (this) {
      case Status -> checked(text, known -> JobStatus.valueOf(known).name());
      case UserPriority, RescheduleCounter ->
          checked(text, number -> Integer.toString(Integer.parseInt(number)));
      case VerifiedFlag -> oneOf(text.toLowerCase(Locale.ROOT), "true", "false");
      case AccountedFlag ->
          oneOf(
              value instanceof Boolean flag ? (flag ? "True" : "False") : text,
              "True",
              "False",
              "Failed");
      case SubmissionTime,
          RescheduleTime,
          LastUpdateTime,
          StartExecTime,
          HeartBeatTime,
          EndExecTime ->
          checked(
              text, time -> OffsetDateTime.parse(time.replace(' ', 'T')).toInstant().toString());
      case JobType,
          JobGroup,
          Site,
          JobName,
          Owner,
          OwnerGroup,
          VO,
          MinorStatus,
          ApplicationStatus ->
          text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    };
  }

  private String checked(String text, Function<String, String> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unfit(text);
    }
  }

  private String oneOf(String text, String... allowed) {
    if (!Arrays.asList(allowed).contains(text)) {
      throw unfit(text);
    }
    return text;
  }

  private SpinorException unfit(String text) {
    return new SpinorException(
        ErrorCode.UNPROCESSABLE, "'" + text + "' is no value of " + name() + " (" + type + ")");
  }
}
