package org.spinor.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Credential;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

class FakeCredentialsTest {
  private final FakeCredentials credentials = new FakeCredentials();

  @Test
  void givesWhatATestHasLaidOutAndNothingElse() {
    assertThatThrownBy(credentials::sshKey).isInstanceOf(MisconfiguredException.class);
    assertThatThrownBy(() -> credentials.secret("proxy"))
        .isInstanceOf(MisconfiguredException.class);
    credentials.keep("proxy", "p");
    credentials.keep(new Credential.SshKey("k", Optional.empty(), Optional.empty()));
    assertThat(credentials.secret("proxy").value()).isEqualTo("p");
    assertThat(credentials.sshKey().privateKey()).isEqualTo("k");
  }

  @Test
  void remembersRequestsForTokensAlsoThoseThatFail() {
    credentials.token("compute.create", "https://ce");
    credentials.tokens(
        (scope, audience) -> {
          throw new TemporaryException("no answer");
        });
    assertThatThrownBy(() -> credentials.token("compute.read", "https://ce"))
        .isInstanceOf(TemporaryException.class);
    assertThat(credentials.asked())
        .containsExactly(
            new FakeCredentials.Asked("compute.create", "https://ce"),
            new FakeCredentials.Asked("compute.read", "https://ce"));
  }
}
