package org.spinor.spi;

/** Has nothing to give. */
final class NoCredentials implements Credentials {
  @Override
  public Credential.Token token(String scope, String audience) {
    throw new MisconfiguredException(
        "no token is configured for scope '" + scope + "' at " + audience);
  }

  @Override
  public Credential.SshKey sshKey() {
    throw new MisconfiguredException("no SSH key is configured");
  }

  @Override
  public Credential.Secret secret(String name) {
    throw new MisconfiguredException("no secret '" + name + "' is configured");
  }
}
