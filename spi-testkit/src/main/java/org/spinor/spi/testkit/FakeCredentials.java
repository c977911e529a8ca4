package org.spinor.spi.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/**
 * Gives what a test has laid out, and remembers what it was asked for, so that a test of a plug-in
 * sees that each operation asks for what it needs and no more.
 */
public final class FakeCredentials implements Credentials {
  /** One request for a token. */
  public record Asked(String scope, String audience) {}

  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile BiFunction<String, String, Credential.Token> tokens =
      (scope, audience) ->
          new Credential.Token("token for " + scope + " at " + audience, Optional.empty());
  private volatile Credential.@Nullable SshKey key;

  /** Answers requests for tokens from now on; may throw what the server throws. */
  public void tokens(BiFunction<String, String, Credential.Token> answer) {
    this.tokens = answer;
  }

  /** Lays a secret out. */
  public void keep(String name, String value) {
    secrets.put(name, value);
  }

  /** Lays a key out. */
  public void keep(Credential.SshKey sshKey) {
    this.key = sshKey;
  }

  /** Requests for tokens so far, in their order. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Credential.Token token(String scope, String audience) {
    asked.add(new Asked(scope, audience));
    return tokens.apply(scope, audience);
  }

  @Override
  public Credential.SshKey sshKey() {
    Credential.SshKey given = key;
    if (given == null) {
      throw new MisconfiguredException("the test keeps no SSH key");
    }
    return given;
  }

  @Override
  public Credential.Secret secret(String name) {
    String value = secrets.get(name);
    if (value == null) {
      throw new MisconfiguredException("the test keeps no secret '" + name + "'");
    }
    return new Credential.Secret(value, Optional.empty());
  }
}
