package org.spinor.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** What a site needs to reach the server: proxies as its environment names them, its own CAs. */
public final class Surroundings {
  private Surroundings() {}

  /**
   * To be called once, before the first connection.
   *
   * @param ca file or folder of PEM certificates to trust besides the runtime's
   * @throws IOException the certificates cannot be read
   */
  public static void apply(Map<String, String> environment, Optional<Path> ca) throws IOException {
    proxy(environment, "https");
    proxy(environment, "http");
    String none = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    if (!none.isBlank()) {
      System.setProperty("http.nonProxyHosts", patterns(none));
    }
    if (ca.isPresent()) {
      try {
        trust(ca.get());
      } catch (GeneralSecurityException e) {
        throw new IOException("--ca: " + e.getMessage(), e);
      }
    }
  }

  /** {@code a.org,.b.org} as Java has it: {@code localhost|127.*|a.org|*.a.org|*.b.org}. */
  static String patterns(String none) {
    List<String> patterns = new ArrayList<>(List.of("localhost", "127.*", "[::1]"));
    for (String host : none.split("[,\\s]+")) {
      String name = host.startsWith(".") ? host.substring(1) : host;
      if (name.equals("*")) {
        patterns.add("*");
      } else if (!name.isEmpty()) {
        patterns.add(name);
        patterns.add("*." + name);
      }
    }
    return String.join("|", patterns);
  }

  private static void proxy(Map<String, String> environment, String scheme) {
    String lower = scheme + "_proxy";
    String value =
        environment.getOrDefault(
            lower, environment.getOrDefault(lower.toUpperCase(java.util.Locale.ROOT), ""));
    if (!value.isBlank()) {
      URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
      System.setProperty(scheme + ".proxyHost", String.valueOf(proxy.getHost()));
      System.setProperty(
          scheme + ".proxyPort", Integer.toString(proxy.getPort() < 0 ? 3128 : proxy.getPort()));
    }
  }

  private static void trust(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (X509Certificate usual : usual()) {
      store.setCertificateEntry("usual" + count++, usual);
    }
    int before = count;
    for (Path file : files(ca)) {
      for (Certificate certificate : certificates(file)) {
        store.setCertificateEntry("site" + count++, certificate);
      }
    }
    if (count == before) {
      throw new IOException("--ca: " + ca + " has no certificate");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    SSLContext.setDefault(context);
  }

  private static List<X509Certificate> usual() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    List<X509Certificate> usual = new ArrayList<>();
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        usual.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return usual;
  }

  private static List<Path> files(Path ca) throws IOException {
    if (!Files.isDirectory(ca)) {
      return List.of(ca);
    }
    try (Stream<Path> files = Files.list(ca)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches(".*\\.(pem|crt|0)"))
          .toList();
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }
}
