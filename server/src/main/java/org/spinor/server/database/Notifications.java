package org.spinor.server.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages between servers over the database (LISTEN and NOTIFY). A message is a hint: it may be
 * lost while the connection is down, so a listener is also told when to look for itself.
 */
public final class Notifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /** Hears one channel. */
  public interface Listener {
    void heard(String payload);

    /** Messages may have been missed: read the truth from the tables. Also called at the start. */
    void missed();
  }

  /** How to open a connection of its own. */
  public record Login(String url, String user, String password) {
    @Override
    public String toString() {
      return url;
    }
  }

  private final Login login;
  private final JdbcClient jdbc;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean changed;
  private final Thread thread;

  Notifications(Login login, JdbcClient jdbc) {
    this.login = login;
    this.jdbc = jdbc;
    this.thread = Thread.ofVirtual().name("notifications").start(this::serve);
  }

  /** Listens to a channel (a plain lower-case name) from now on. One listener a channel. */
  public void listen(String channel, Listener listener) {
    if (listeners.putIfAbsent(channel, listener) != null) {
      throw new IllegalStateException("channel " + channel + " has a listener");
    }
    changed = true;
  }

  /** Listens with one action for both: a message, or the chance that one was missed. */
  public void listen(String channel, Runnable wake) {
    listen(
        channel,
        new Listener() {
          @Override
          public void heard(String payload) {
            wake.run();
          }

          @Override
          public void missed() {
            wake.run();
          }
        });
  }

  /** Sends with the surrounding transaction's commit. At most 7,900 bytes. */
  public void send(String channel, String payload) {
    jdbc.sql("SELECT pg_notify(:channel, :payload)")
        .param("channel", channel)
        .param("payload", payload)
        .query((row, n) -> 1)
        .single();
  }

  private void serve() {
    while (!closed) {
      try (Connection connection =
          DriverManager.getConnection(login.url(), login.user(), login.password())) {
        hear(connection);
      } catch (SQLException e) {
        if (!closed) {
          log.warn("notifications: {}; connecting again", e.getMessage());
          sleep();
        }
      }
    }
  }

  private void hear(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    changed = true;
    while (!closed) {
      if (changed) {
        changed = false;
        try (Statement statement = connection.createStatement()) {
          for (String channel : listeners.keySet()) {
            statement.execute("LISTEN " + channel);
          }
        }
        listeners.values().forEach(listener -> guarded(listener::missed));
      }
      PGNotification[] messages = postgres.getNotifications(500);
      if (messages == null) {
        continue;
      }
      for (PGNotification message : messages) {
        Listener listener = listeners.get(message.getName());
        if (listener != null) {
          Consumer<String> hearing = listener::heard;
          guarded(() -> hearing.accept(message.getParameter()));
        }
      }
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.error("a listener failed", e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
