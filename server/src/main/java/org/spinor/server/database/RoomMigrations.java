package org.spinor.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Brings each room's schema up to date: the SQL of room {@code jobs} stands in {@code
 * db/jobs/V1__....sql} and makes its tables in the schema {@code jobs}, which also keeps the room's
 * own history. Rooms never refer to each other's tables, so the order is free. A schema remembers,
 * in its comment, which files made it: where nothing changed nothing is asked, which makes starts
 * faster.
 */
public final class RoomMigrations {
  /** The rooms that own tables. */
  public static final List<String> ROOMS =
      List.of(
          "configuration",
          "identity",
          "jobs",
          "matching",
          "pilots",
          "provisioning",
          "resources",
          "sandboxes",
          "tasks",
          "validation");

  /** One server at a time, when several start on a fresh database. */
  private static final long LOCK = 7_746_467_001L;

  private RoomMigrations() {}

  /** Afterwards all schemas are as the files say. */
  public static void migrate(DataSource dataSource, List<String> rooms) {
    try (Connection connection = dataSource.getConnection();
        SingleConnectionDataSource one = new SingleConnectionDataSource(connection, true)) {
      JdbcClient jdbc = JdbcClient.create(one);
      jdbc.sql("SELECT pg_advisory_lock(:lock)").param("lock", LOCK).query((row, n) -> 1).single();
      try {
        for (String room : rooms) {
          migrate(dataSource, jdbc, room);
        }
      } finally {
        jdbc.sql("SELECT pg_advisory_unlock(:lock)")
            .param("lock", LOCK)
            .query(Boolean.class)
            .single();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot migrate the database: " + e.getMessage(), e);
    }
  }

  private static void migrate(DataSource dataSource, JdbcClient jdbc, String room) {
    String wanted = "spinor " + digest(room);
    String there =
        jdbc.sql("SELECT coalesce(obj_description(to_regnamespace(:room), 'pg_namespace'), '')")
            .param("room", room)
            .query(String.class)
            .single();
    if (there.equals(wanted)) {
      return;
    }
    try {
      flyway(dataSource, room).migrate();
    } catch (FlywayException e) {
      List<String> reasons =
          String.valueOf(e.getMessage())
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "the tables of room %s cannot be brought up to date; was this database made by another build of Spinor?"
              .formatted(room),
          reasons);
    }
    jdbc.sql("COMMENT ON SCHEMA %s IS '%s'".formatted(room, wanted)).update();
  }

  private static Flyway flyway(DataSource dataSource, String room) {
    return Flyway.configure()
        .dataSource(dataSource)
        .schemas(room)
        .defaultSchema(room)
        .createSchemas(true)
        .locations("classpath:db/" + room)
        .failOnMissingLocations(false)
        .table("schema_history")
        .load();
  }

  /** Changes with any change of the room's files. */
  private static String digest(String room) {
    CRC32 sum = new CRC32();
    try {
      Resource[] files =
          new PathMatchingResourcePatternResolver()
              .getResources("classpath*:db/" + room + "/*.sql");
      for (Resource file : files) {
        sum.update(String.valueOf(file.getFilename()).getBytes(StandardCharsets.UTF_8));
        sum.update(file.getContentAsByteArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the migrations of " + room, e);
    }
    return Long.toHexString(sum.getValue());
  }
}
