package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Two real OpenSSH servers, a gate and a host behind it, and a key that opens both. */
public final class SshHosts implements AutoCloseable {
  private final DaemonFolder daemons = new DaemonFolder("spinor-ssh");
  private final Path folder = daemons.path();
  private final SshDaemon gate;
  private final SshDaemon inner;

  public SshHosts() {
    try {
      Shell.need("openssh-client");
      Files.copy(newKey("key", "ed25519"), folder.resolve("authorized_keys"));
      gate = new SshDaemon(folder, "gate");
      inner = new SshDaemon(folder, "inner");
      Files.writeString(knownHosts(), gate.knownHost() + inner.knownHost());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes one more key, which opens nothing yet.
   *
   * @return its public half; the private one is beside it, without {@code .pub}
   */
  public Path newKey(String name, String type) {
    Shell.works(
        Map.of(), "ssh-keygen", "-q", "-t", type, "-N", "", "-f", folder.resolve(name).toString());
    return folder.resolve(name + ".pub");
  }

  public Path folder() {
    return folder;
  }

  /** Of the account of this process. */
  public Path key() {
    return folder.resolve("key");
  }

  public Path knownHosts() {
    return folder.resolve("known_hosts");
  }

  public SshDaemon gate() {
    return gate;
  }

  public SshDaemon inner() {
    return inner;
  }

  /** Both, with all that is connected. */
  public void stop() {
    gate.stop();
    inner.stop();
  }

  public void start() {
    gate.start();
    inner.start();
  }

  @Override
  public void close() {
    inner.close();
    gate.close();
    daemons.close();
  }
}
