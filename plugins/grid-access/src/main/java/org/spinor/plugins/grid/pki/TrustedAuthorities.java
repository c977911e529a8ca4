package org.spinor.plugins.grid.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.spinor.spi.MisconfiguredException;

/**
 * Certificate authorities, from a bundle in PEM or from a folder as grid sites keep them: one
 * certificate a file, named by the hash of the subject ({@code 1c3f2ca8.0}) or {@code .pem}. Lists
 * of revoked certificates and signing policies in there are not read.
 */
public final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /**
   * @param place a folder or a bundle; empty: what this Java trusts
   * @throws MisconfiguredException nothing is there
   */
  public static TrustManager[] managers(Optional<Path> place) {
    try {
      KeyStore store = null;
      if (place.isPresent()) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : read(place.get())) {
          store.setCertificateEntry("ca" + number++, authority);
        }
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new MisconfiguredException("no certificate authorities: " + e.getMessage(), e);
    }
  }

  static Set<X509Certificate> read(Path place) throws IOException {
    Set<X509Certificate> authorities = new LinkedHashSet<>();
    List<String> unreadable = new ArrayList<>();
    for (Path file : files(place)) {
      try {
        authorities.addAll(
            PemCredential.certificates(Files.readString(file, StandardCharsets.ISO_8859_1)));
      } catch (IOException | CertificateException e) {
        // One bad file is no reason to trust nobody; it matters where nothing else is left.
        unreadable.add(file.getFileName() + ": " + e.getMessage());
      }
    }
    if (authorities.isEmpty()) {
      throw new MisconfiguredException(
          "CAPath: no certificate of an authority in "
              + place
              + (unreadable.isEmpty() ? "" : " (" + String.join(", ", unreadable) + ")"));
    }
    return authorities;
  }

  private static List<Path> files(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> all = Files.list(place)) {
      return all.filter(file -> file.getFileName().toString().matches(".*\\.(\\d|pem|crt)"))
          .filter(file -> !file.getFileName().toString().endsWith("-key.pem"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }
}
