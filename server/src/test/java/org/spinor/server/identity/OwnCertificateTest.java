package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with a certificate of its own, as {@code --tls-certificate} wires it. */
class OwnCertificateTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir private Path data;

  @Test
  void httpsIsServedWithStrictTransportAndARenewedCertificate() throws Exception {
    KeyStore store = selfSigned("first");
    Map<String, Object> properties =
        Map.of(
            "spring.ssl.bundle.pem.spinor.keystore.certificate",
            certificate(store),
            "spring.ssl.bundle.pem.spinor.keystore.private-key",
            key(store),
            "spring.ssl.bundle.pem.spinor.reload-on-update",
            true,
            "spring.ssl.bundle.watch.file.quiet-period",
            "500ms",
            "server.ssl.bundle",
            "spinor");
    try (Slice server = new Slice(data, properties)) {
      String address = server.base().replace("http:", "https:");
      HttpResponse<String> answer = ask(address, store);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"" + address + "/api/auth/token\"");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);

      KeyStore renewed = selfSigned("second");
      key(renewed);
      certificate(renewed);
      assertThat(isServed(address, renewed)).isTrue();
    }
  }

  @Test
  void whoAsksForHttp2WithoutTlsIsAnsweredByHttp1() throws Exception {
    try (Slice server = new Slice(data)) {
      HttpResponse<String> answer = ask(server.base(), selfSigned("none"));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  /** Asked again and again for a minute: the server looks at its files now and then. */
  private static boolean isServed(String address, KeyStore store) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        return ask(address, store).statusCode() == 200;
      } catch (SSLException e) {
        Thread.sleep(200); // still the old one
      }
    }
    return false;
  }

  private static HttpResponse<String> ask(String address, KeyStore trusted) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(address + "/.well-known/openid-configuration")).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private String certificate(KeyStore store) throws Exception {
    return pem("CERTIFICATE", store.getCertificate("server").getEncoded());
  }

  private String key(KeyStore store) throws Exception {
    Key key = store.getKey("server", PASSWORD);
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private KeyStore selfSigned(String name) throws Exception {
    Path file = data.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(file)) {
      store.load(input, PASSWORD);
    }
    return store;
  }

  private String pem(String kind, byte[] content) throws Exception {
    return Files.writeString(
            data.resolve(kind.charAt(0) + ".pem"),
            "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind))
        .toUri()
        .toString();
  }

  private static SSLContext trusting(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
