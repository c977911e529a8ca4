package org.spinor.server.web;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * A door of this server to itself: plain HTTP on this host alone, whatever addresses, names and
 * certificates the others come by. Opened when it is first needed. All that holds for other calls
 * holds for those that come in here.
 */
@Component
public final class Loopback {
  private static final String HOST = "127.0.0.1";

  /** Bytes, as at the other doors. */
  private static final String HEADERS = "32768";

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Tomcat tomcat;
  private @Nullable Connector open;

  @EventListener
  void started(ServletWebServerInitializedEvent event) {
    if (event.getWebServer() instanceof TomcatWebServer server) {
      lock.lock();
      try {
        tomcat = server.getTomcat();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Its address; empty: the server does not answer yet. */
  public Optional<URI> address() {
    lock.lock();
    try {
      if (open == null && tomcat != null) {
        open = connector(tomcat);
      }
      return Optional.ofNullable(open)
          .map(Connector::getLocalPort)
          .filter(port -> port > 0)
          .map(port -> URI.create("http://" + HOST + ":" + port));
    } finally {
      lock.unlock();
    }
  }

  private static Connector connector(Tomcat tomcat) {
    Connector connector = new Connector();
    connector.setProperty("address", HOST);
    connector.setPort(0);
    connector.setProperty("maxHttpRequestHeaderSize", HEADERS);
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector
        .getProtocolHandler()
        .setExecutor(tomcat.getConnector().getProtocolHandler().getExecutor());
    tomcat.getService().addConnector(connector);
    return connector;
  }
}
