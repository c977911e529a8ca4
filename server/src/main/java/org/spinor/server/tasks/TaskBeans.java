package org.spinor.server.tasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.spinor.server.database.DataFolder;
import org.spinor.server.database.Notifications;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the tasks. */
@Configuration(proxyBeanMethods = false)
class TaskBeans {

  @Bean
  TaskTable taskTable(JdbcClient jdbc, DataFolder data) {
    return new TaskTable(jdbc, serverName(data));
  }

  @Bean(destroyMethod = "close")
  TaskSignals taskSignals(Notifications notifications, TaskTable table) {
    return new TaskSignals(notifications, table);
  }

  @Bean
  Tasks tasks(TaskTable table, TaskSignals signals) {
    return new TaskList(table, signals);
  }

  @Bean
  TaskLifecycle taskLifecycle(
      TaskTable table, TaskSignals signals, ObjectProvider<TaskHandler> handlers) {
    return new TaskLifecycle(table, signals, handlers);
  }

  /**
   * The same after each start on the same data folder, which only one server uses at a time: so a
   * server that comes back knows what it held.
   */
  static String serverName(DataFolder data) {
    Path file = data.path().resolve("server-name");
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(data.path());
        Files.writeString(
            file,
            InetAddress.getLocalHost().getHostName()
                + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot name this server in " + file, e);
    }
  }
}
