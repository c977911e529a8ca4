package org.spinor.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires the database: embedded in the data folder, or an external one by URL. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
  private static final int OLDEST_SERVER = 180_000;

  @Bean(destroyMethod = "close")
  DatabaseServer databaseServer(
      DatabaseProperties properties, ObjectProvider<DatabaseStart> begun) {
    return begun
        .getIfAvailable(
            () ->
                DatabaseStart.begin(
                    Path.of(properties.data()),
                    Optional.of(properties.dbUrl()).filter(url -> !url.isEmpty())))
        .await();
  }

  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(DatabaseServer server, DatabaseProperties properties) {
    HikariDataSource pool;
    try {
      pool = pool(server.login(), properties.poolSize());
    } catch (HikariPool.PoolInitializationException e) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "cannot use the database %s: %s".formatted(server.login(), deepest(e).getMessage()));
    }
    try {
      requireVersion(JdbcClient.create(pool), server.login());
      RoomMigrations.migrate(pool, RoomMigrations.ROOMS);
      return pool;
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static Throwable deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  /**
   * The SQL of all rooms is written for this version; an older server would fail here and there.
   */
  private static void requireVersion(JdbcClient jdbc, Notifications.Login login) {
    int version =
        jdbc.sql("SELECT CAST(current_setting('server_version_num') AS int)")
            .query(Integer.class)
            .single();
    if (version < OLDEST_SERVER) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "the database %s is PostgreSQL %d.%d; expected %d or newer"
              .formatted(login, version / 10_000, version % 10_000, OLDEST_SERVER / 10_000));
    }
  }

  static HikariDataSource pool(Notifications.Login login, int size) {
    return pool(login, size, Duration.ofSeconds(20));
  }

  /**
   * @param patience how long anybody waits for a connection
   */
  static HikariDataSource pool(Notifications.Login login, int size, Duration patience) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("spinor");
    config.setJdbcUrl(login.url());
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(patience.toMillis());
    config.setKeepaliveTime(60_000);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("ApplicationName", "spinor");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  @Bean
  PlatformTransactionManager transactionManager(DataSource dataSource) {
    return new JdbcTransactionManager(dataSource);
  }

  @Bean
  JdbcClient jdbcClient(DataSource dataSource) {
    return JdbcClient.create(dataSource);
  }

  @Bean
  Transactions transactions(PlatformTransactionManager manager) {
    return new Transactions(manager);
  }

  @Bean
  Partitions partitions(JdbcClient jdbc, Transactions transactions) {
    return new Partitions(jdbc, transactions);
  }

  @Bean(destroyMethod = "close")
  Notifications notifications(DatabaseServer server, JdbcClient jdbc) {
    return new Notifications(server.login(), jdbc);
  }

  /** The data folder of this server, for rooms that keep files. */
  @Bean
  DataFolder dataFolder(DatabaseProperties properties) {
    return new DataFolder(Path.of(properties.data()).toAbsolutePath().normalize());
  }
}
