package org.spinor.server.database;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A real PostgreSQL for tests: one server a JVM, a fresh database with every room's tables for
 * whoever asks. {@code TestDatabase database = TestDatabase.fresh();} in a test class's static
 * field; close it after all.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final HikariDataSource dataSource;
  private final Notifications.Login login;
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Notifications notifications;

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      EmbeddedPostgres postgres =
          new EmbeddedPostgres(
              Path.of("target", "test-postgres-" + ProcessHandle.current().pid()).toAbsolutePath(),
              false);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      try (HikariDataSource template = DatabaseConfiguration.pool(login(postgres, "postgres"), 2)) {
        JdbcClient.create(template).sql("CREATE DATABASE template_spinor").update();
      }
      try (HikariDataSource template =
          DatabaseConfiguration.pool(login(postgres, "template_spinor"), 4)) {
        RoomMigrations.migrate(template, RoomMigrations.ROOMS);
      }
      return postgres;
    }
  }

  private TestDatabase(Notifications.Login login) {
    this.login = login;
    this.dataSource = DatabaseConfiguration.pool(login, 20);
    this.jdbc = JdbcClient.create(dataSource);
    this.transactions = new Transactions(new JdbcTransactionManager(dataSource));
    this.notifications = new Notifications(login, jdbc);
  }

  public static TestDatabase fresh() {
    String name = "test_" + COUNT.incrementAndGet();
    EmbeddedPostgres postgres = Server.POSTGRES;
    synchronized (COUNT) {
      try (HikariDataSource admin = DatabaseConfiguration.pool(login(postgres, "postgres"), 2)) {
        JdbcClient.create(admin)
            .sql("CREATE DATABASE " + name + " TEMPLATE template_spinor")
            .update();
      }
    }
    return new TestDatabase(login(postgres, name));
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
