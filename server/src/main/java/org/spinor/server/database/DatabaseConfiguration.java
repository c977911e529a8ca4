package org.spinor.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Wires the database: embedded in the data folder, or an external one by URL. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  @Bean(destroyMethod = "close")
  DatabaseServer databaseServer(DatabaseProperties properties) {
    return DatabaseServer.open(properties);
  }

  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(DatabaseServer server, DatabaseProperties properties) {
    HikariDataSource pool = pool(server.login(), properties.poolSize());
    RoomMigrations.migrate(pool, RoomMigrations.ROOMS);
    return pool;
  }

  static HikariDataSource pool(Notifications.Login login, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("spinor");
    config.setJdbcUrl(login.url());
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(20_000);
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
