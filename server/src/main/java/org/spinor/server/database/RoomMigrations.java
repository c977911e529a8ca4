package org.spinor.server.database;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings each room's schema up to date: the SQL of room {@code jobs} stands in {@code
 * db/jobs/V1__....sql} and makes its tables in the schema {@code jobs}, which also keeps the room's
 * own history. Rooms never refer to each other's tables, so the order is free.
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
          "tasks");

  private RoomMigrations() {}

  public static void migrate(DataSource dataSource, List<String> rooms) {
    for (String room : rooms) {
      Flyway.configure()
          .dataSource(dataSource)
          .schemas(room)
          .defaultSchema(room)
          .createSchemas(true)
          .locations("classpath:db/" + room)
          .failOnMissingLocations(false)
          .table("schema_history")
          .load()
          .migrate();
    }
  }
}
