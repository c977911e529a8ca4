package org.spinor.server.tasks;

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
    return new TaskTable(jdbc, data.serverName());
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
}
