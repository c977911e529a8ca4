package org.spinor.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connections behind a {@link Transport}: one HTTP client for plain addresses and one for
 * secure ones, each made when it is first needed. Making the secure one reads all certificate
 * authorities of the Java, which costs a command line more time than most of its requests take.
 */
final class Connections {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration END_TIMEOUT = Duration.ofMillis(100);

  private @Nullable HttpClient plain;
  private @Nullable HttpClient secure;

  /** Everything by this client. */
  static Connections by(HttpClient client) {
    Connections connections = new Connections();
    connections.plain = client;
    connections.secure = client;
    return connections;
  }

  synchronized HttpClient of(URI address) {
    if ("http".equalsIgnoreCase(address.getScheme())) {
      HttpClient known = plain;
      plain = known == null ? builder().sslContext(NoTls.context()).build() : known;
      return plain;
    }
    HttpClient known = secure;
    secure = known == null ? builder().build() : known;
    return secure;
  }

  /**
   * Ends the clients and their threads. One of them sits in a call of the operating system, and the
   * end of a Java waits 300 ms for such a thread: longer than the request of a command takes.
   */
  synchronized void close() {
    for (HttpClient client : new HttpClient[] {plain, secure}) {
      if (client != null) {
        client.shutdownNow();
        try {
          client.awaitTermination(END_TIMEOUT);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
    plain = null;
    secure = null;
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT);
  }
}
