package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.testbed.SshHosts;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.SiteFolder;
import org.spinor.spi.testkit.SiteFolderContract;

/** A folder behind a real OpenSSH server keeps to the contract. */
class SftpFolderIT extends SiteFolderContract {
  private static final SshPlugin PLUGIN = new SshPlugin();
  private static @Nullable SshHosts made;

  private String name = "";

  @BeforeAll
  static void startDaemons() {
    made = new SshHosts();
  }

  @AfterAll
  static void stopDaemons() {
    hosts().close();
  }

  private static SshHosts hosts() {
    return Objects.requireNonNull(made);
  }

  @BeforeEach
  void name() {
    name = "new/spool-" + UUID.randomUUID();
  }

  private Path path() {
    return hosts().folder().resolve(name);
  }

  @Override
  protected SiteFolder open() {
    return open(Map.of());
  }

  private SiteFolder open(Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("BatchSystem", "Host");
    parameters.put("SSHPort", Integer.toString(hosts().inner().port()));
    parameters.put("SSHKey", hosts().key().toString());
    parameters.put("SSHKnownHosts", hosts().knownHosts().toString());
    parameters.putAll(more);
    return PLUGIN.folder(
        new ComputingElementContext(
            "LCG.Ssh.test",
            "127.0.0.1",
            "long",
            parameters,
            Credentials.none(),
            hosts().folder(),
            Duration.ofSeconds(30),
            InstantSource.system()),
        path().toString());
  }

  @Test
  void oneLoginServesAllFolders() throws IOException {
    long before = hosts().inner().logins();
    try (SiteFolder one = open();
        SiteFolder two = open()) {
      one.makeFolder("");
      two.makeFolder("sub");
      assertThat(one.names("")).containsExactly("sub");
      assertThat(one.place())
          .isEqualTo(
              "%s@127.0.0.1:%d:%s"
                  .formatted(System.getProperty("user.name"), hosts().inner().port(), path()));
    }
    assertThat(hosts().inner().logins() - before).isEqualTo(1);
  }

  @Test
  void itIsConnectedAgainAfterABreak() throws IOException {
    try (SiteFolder folder = open()) {
      folder.makeFolder("tmp");
      hosts().inner().stop();
      assertThatThrownBy(() -> folder.names("tmp"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1");
      hosts().inner().start();
      folder.write("tmp/p", "file", out -> out.write("x".getBytes(StandardCharsets.UTF_8)));
      assertThat(Files.readString(path().resolve("file"))).isEqualTo("x");
    }
  }

  @Test
  void aHostThatDoesNotLetUsInIsSaidSo() throws IOException {
    hosts().newKey(name.replace('/', '-'), "ed25519");
    try (SiteFolder folder =
        open(Map.of("SSHKey", hosts().folder().resolve(name.replace('/', '-')).toString()))) {
      assertThatThrownBy(() -> folder.names(""))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not let us in");
    }
  }
}
