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

  private @Nullable HttpClient plain;
  private @Nullable HttpClient secure;

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

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT);
  }
}
