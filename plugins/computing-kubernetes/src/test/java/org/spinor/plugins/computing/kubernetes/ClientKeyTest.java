package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientKeyTest {
  @TempDir Path folder;

  private static String pem(String algorithm) throws Exception {
    byte[] key =
        KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static ConfigBuilder config() {
    return new ConfigBuilder(Config.empty());
  }

  private static Config withData(String pem) {
    byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
    return config().withClientKeyData(Base64.getEncoder().encodeToString(bytes)).build();
  }

  @Test
  void ellipticKeyIsRecognised() throws Exception {
    String pem = pem("EC");
    Path file = Files.writeString(folder.resolve("key"), pem);
    assertThat(ClientKey.algorithm(withData(pem))).hasValue("EC");
    assertThat(ClientKey.algorithm(config().withClientKeyFile(file.toString()).build()))
        .hasValue("EC");
  }

  @Test
  void othersAreTheClientsMatter() throws Exception {
    assertThat(ClientKey.algorithm(withData(pem("RSA")))).isEmpty();
    assertThat(ClientKey.algorithm(withData(pem("EC").replace(" PRIVATE", " RSA PRIVATE"))))
        .isEmpty();
    assertThat(ClientKey.algorithm(config().withClientKeyData("not base64 !").build())).isEmpty();
    assertThat(ClientKey.algorithm(config().withClientKeyFile("/nonexistent").build())).isEmpty();
    assertThat(ClientKey.algorithm(config().build())).isEmpty();
  }
}
