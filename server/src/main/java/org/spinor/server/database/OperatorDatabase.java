package org.spinor.server.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The installation's database for one command of its operator: the external one, or the embedded
 * one, which is started for the command where no server runs it.
 */
public final class OperatorDatabase implements AutoCloseable {
  private final HikariDataSource pool;
  private final @Nullable EmbeddedPostgres started;

  private OperatorDatabase(HikariDataSource pool, @Nullable EmbeddedPostgres started) {
    this.pool = pool;
    this.started = started;
  }

  /**
   * @param url of an external database; empty: the one in the data folder
   * @throws SpinorException there is no database there yet
   */
  public static OperatorDatabase open(Path dataFolder, String url) {
    if (!url.isEmpty()) {
      return new OperatorDatabase(DatabaseConfiguration.pool(DatabaseServer.login(url), 1), null);
    }
    Path database = dataFolder.resolve("postgres");
    if (!Files.exists(database.resolve("PG_VERSION"))) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          ("no database in %s: start the server once (spinor server --data %s), or name an external"
                  + " one with --db-url")
              .formatted(dataFolder, dataFolder));
    }
    Optional<Notifications.Login> running = running(dataFolder, database);
    if (running.isPresent()) {
      return new OperatorDatabase(DatabaseConfiguration.pool(running.get(), 1), null);
    }
    EmbeddedPostgres postgres = new EmbeddedPostgres(dataFolder.toAbsolutePath(), true);
    return new OperatorDatabase(
        DatabaseConfiguration.pool(
            new Notifications.Login(
                postgres.jdbcUrl("postgres"), postgres.user(), postgres.password()),
            1),
        postgres);
  }

  /** How to reach the database where it runs: not ours to stop then. */
  private static Optional<Notifications.Login> running(Path dataFolder, Path database) {
    try {
      List<String> lines = Files.readAllLines(database.resolve("postmaster.pid"));
      boolean alive =
          lines.size() > 7
              && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                  .filter(ProcessHandle::isAlive)
                  .isPresent();
      return alive
          ? Optional.of(
              new Notifications.Login(
                  "jdbc:postgresql://127.0.0.1:" + lines.get(3).strip() + "/postgres",
                  EmbeddedPostgres.USER,
                  Files.readString(dataFolder.resolve("secrets").resolve("postgres-password"))
                      .strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(pool);
  }

  @Override
  public void close() {
    pool.close();
    if (started != null) {
      started.close();
    }
  }
}
