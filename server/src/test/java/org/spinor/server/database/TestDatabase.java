package org.spinor.server.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A real PostgreSQL for tests: one server a JVM, a fresh database with every room's tables for
 * whoever asks. {@code TestDatabase database = TestDatabase.fresh();} in a test class's static
 * field; close it after all.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Tests, and the database with them, may be held still for longer than a server waits. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HikariDataSource dataSource;
  private final Notifications.Login login;
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Notifications notifications;

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder(), false);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      try (HikariDataSource template = pool(login(postgres, "postgres"), 2)) {
        JdbcClient.create(template).sql("CREATE DATABASE template_spinor").update();
      }
      try (HikariDataSource template = pool(login(postgres, "template_spinor"), 4)) {
        RoomMigrations.migrate(template, RoomMigrations.ROOMS);
      }
      return postgres;
    }

    /** Never that of an earlier run; open, since PostgreSQL may run as another user. */
    private static Path folder() {
      try {
        return Files.createTempDirectory(
            Files.createDirectories(Path.of("target").toAbsolutePath()),
            "test-postgres-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private TestDatabase(Notifications.Login login) {
    this.login = login;
    this.dataSource = pool(login, 20);
    this.jdbc = JdbcClient.create(dataSource);
    this.transactions = new Transactions(new JdbcTransactionManager(dataSource));
    this.notifications = new Notifications(login, jdbc);
  }

  public static TestDatabase fresh() {
    String name = "test_" + COUNT.incrementAndGet();
    EmbeddedPostgres postgres = Server.POSTGRES;
    synchronized (COUNT) {
      try (HikariDataSource admin = pool(login(postgres, "postgres"), 2)) {
        JdbcClient client = JdbcClient.create(admin);
        // It waits by itself, but only seconds, for whoever is still on the way out.
        whileRefused(
            "55006",
            () -> client.sql("CREATE DATABASE " + name + " TEMPLATE template_spinor").update());
      }
    }
    return new TestDatabase(login(postgres, name));
  }

  /**
   * Does something again while PostgreSQL refuses it because others are in the way.
   *
   * @param sqlState of that refusal; any other is thrown
   */
  static void whileRefused(String sqlState, Runnable work) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        work.run();
        return;
      } catch (DataAccessException e) {
        boolean busy =
            e.getRootCause() instanceof SQLException refusal
                && sqlState.equals(refusal.getSQLState());
        if (!busy || System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private static HikariDataSource pool(Notifications.Login login, int size) {
    return DatabaseConfiguration.pool(login, size, PATIENCE);
  }

  private static Notifications.Login login(EmbeddedPostgres postgres, String database) {
    return new Notifications.Login(
        postgres.jdbcUrl(database), postgres.user(), postgres.password());
  }

  /** As {@code --db-url} takes it. */
  public String url() {
    return login
        .url()
        .replace(
            "jdbc:postgresql://", "postgresql://" + login.user() + ":" + login.password() + "@");
  }

  public DataSource dataSource() {
    return dataSource;
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  public Transactions transactions() {
    return transactions;
  }

  public Notifications notifications() {
    return notifications;
  }

  /** A second server's view of the same database: its own listener connection. */
  public Notifications anotherListener() {
    return new Notifications(login, jdbc);
  }

  @Override
  public void close() {
    notifications.close();
    dataSource.close();
  }
}
