package org.spinor.server.provisioning.trials;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.PluginException;

/** Remembers what a plug-in asked for and whether it got it; no secret is kept. */
final class RecordedCredentials implements Credentials {
  private final Credentials source;
  private final List<Asked> all = new CopyOnWriteArrayList<>();

  /**
   * @param failure why it could not be had; empty: it could
   */
  record Asked(String what, Optional<Instant> expires, Optional<String> failure) {
    @Override
    public String toString() {
      return failure
          .map(why -> what + ": " + why)
          .orElseGet(() -> what + expires.map(end -> ", good until " + end).orElse(""));
    }
  }

  RecordedCredentials(Credentials source) {
    this.source = source;
  }

  List<Asked> all() {
    return List.copyOf(all);
  }

  @Override
  public Credential.Token token(String scope, String audience) {
    return asked("token for '" + scope + "' at " + audience, () -> source.token(scope, audience));
  }

  @Override
  public Credential.SshKey sshKey() {
    return asked("SSH key", source::sshKey);
  }

  @Override
  public Credential.Secret secret(String name) {
    return asked("secret '" + name + "'", () -> source.secret(name));
  }

  private <T extends Credential> T asked(String what, Supplier<T> question) {
    try {
      T credential = question.get();
      all.add(new Asked(what, credential.expires(), Optional.empty()));
      return credential;
    } catch (PluginException e) {
      all.add(new Asked(what, Optional.empty(), Optional.of(String.valueOf(e.getMessage()))));
      throw e;
    }
  }
}
