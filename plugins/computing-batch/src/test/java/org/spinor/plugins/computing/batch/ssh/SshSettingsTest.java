package org.spinor.plugins.computing.batch.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementContext;

class SshSettingsTest {
  private static Host host(Map<String, String> given) {
    return SshSettings.host(
        Parameters.of(SshSettings.parameters(), given),
        new ComputingElementContext(
            "LCG.Test.org",
            "login.example.org",
            "long",
            given,
            Credentials.none(),
            Path.of("/nowhere"),
            Duration.ofSeconds(5),
            InstantSource.system()),
        new SshConnections());
  }

  @Test
  void elementsNameIsTheHostUnlessAnotherIsGiven() {
    try (Host host = host(Map.of("SSHUser", "pilot"))) {
      assertThat(host.title()).isEqualTo("pilot@login.example.org");
    }
    try (Host host = host(Map.of("SSHUser", "pilot", "SSHHost", "other", "SSHPort", "2222"))) {
      assertThat(host.title()).isEqualTo("pilot@other:2222");
    }
  }

  @Test
  void jumpHostsAreReadInTheirOrder() {
    assertThat(Target.chain("gate.example.org, me@inner:2222", "pilot"))
        .containsExactly(
            new Target("pilot", "gate.example.org", 22), new Target("me", "inner", 2222));
    assertThatThrownBy(() -> Target.chain("a b", "pilot"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("SSHJump");
  }

  @Test
  void nonsenseIsToldBeforeAnybodyConnects() {
    assertThatThrownBy(() -> host(Map.of("SSHPort", "0")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("SSHPort");
    assertThatThrownBy(() -> host(Map.of("SSHUser", "pilot; rm -rf /")))
        .isInstanceOf(MisconfiguredException.class);
    assertThatThrownBy(() -> host(Map.of("SSHHostKey", "MD5:aa:bb")))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("ssh-keygen -l");
  }

  @Test
  void withoutAnyCredentialTheServerIsAskedAndSaysSo() {
    try (Host host = host(Map.of("SSHHost", "127.0.0.1", "SSHPort", "1"))) {
      // Nobody listens there: the connection comes before the key.
      assertThatThrownBy(() -> host.run(BatchCommand.of("true"), Duration.ofSeconds(5)))
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Test
  void commandsAreQuotedWordByWord() {
    assertThat(BatchCommand.of("sbatch", "--x=$(id)", "it's").line())
        .isEqualTo("'sbatch' '--x=$(id)' 'it'\\''s'");
  }
}
