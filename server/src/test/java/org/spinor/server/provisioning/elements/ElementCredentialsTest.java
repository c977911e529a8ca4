package org.spinor.server.provisioning.elements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.BrokerException.Remedy;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.FakeBroker;
import org.spinor.spi.Credential;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

class ElementCredentialsTest {
  private static final Pilots.Queue QUEUE = new Pilots.Queue("LCG.East.org", "ce.east.org", "grid");
  @TempDir Path data;
  private final FakeBroker broker = new FakeBroker();

  private ElementCredentials of(Optional<String> vo) {
    return new ElementCredentials(broker, new OperatorSecrets(data), QUEUE, vo);
  }

  @Test
  void tokensAreThoseOfTheVo() {
    Credential.Token token =
        of(Optional.of("biomed")).token(" compute.read  compute.create ", "https://ce:443");
    assertThat(token.value()).isEqualTo("biomed compute.create compute.read");
    assertThat(token.expires()).contains(Instant.parse("2050-01-01T00:00:00Z"));
    assertThatThrownBy(() -> of(Optional.empty()).token("compute.read", "https://ce:443"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("serve all VOs");
    assertThatThrownBy(
            () -> of(Optional.of("biomed")).token("compute.read storage.read:/", "https://ce:443"))
        .isInstanceOf(RefusedException.class);
    assertThat(broker.orders).hasSize(1);
  }

  @Test
  void failuresSayWhoCanMendThem() {
    ElementCredentials credentials = of(Optional.of("biomed"));
    broker.failing.put("biomed", Remedy.OPERATOR);
    assertThatThrownBy(() -> credentials.token("compute.read", "a"))
        .isInstanceOf(MisconfiguredException.class);
    broker.failing.put("biomed", Remedy.LATER);
    assertThatThrownBy(() -> credentials.token("compute.read", "a"))
        .isInstanceOf(TemporaryException.class);
    broker.failing.put("biomed", Remedy.CALLER);
    assertThatThrownBy(() -> credentials.token("compute.read", "a"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void certificateIsOfTheKeyBesideItAndOfNoOther() throws IOException {
    keep("_/_/_/ssh-key", "everywhere");
    keep("_/_/_/ssh-certificate", "of everywhere");
    assertThat(of(Optional.of("biomed")).sshKey().certificate()).contains("of everywhere");
    keep("LCG.East.org/_/_/ssh-key", "of the site\n");
    assertThat(of(Optional.of("biomed")).sshKey())
        .isEqualTo(new Credential.SshKey("of the site\n", Optional.empty(), Optional.empty()));
  }

  @Test
  void secretsLoseTheLastLineBreakOnly() throws IOException {
    keep("_/_/_/password", " two\nlines\r\n");
    assertThat(of(Optional.empty()).secret("password").value()).isEqualTo(" two\nlines");
    assertThatThrownBy(() -> of(Optional.of("biomed")).secret("proxy"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining(
            "spinor admin secrets set proxy --site LCG.East.org --ce ce.east.org --vo biomed");
    assertThatThrownBy(() -> of(Optional.empty()).secret("../../jwks.json"))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> of(Optional.empty()).sshKey())
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("ssh-key");
  }

  private void keep(String name, String text) throws IOException {
    Path file = data.resolve("secrets/elements").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
