package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real OpenSSH server on a port of its own, with its own host key. */
public final class SshDaemon implements AutoCloseable {
  private final Path folder;
  private final int port = Shell.freePort();

  /**
   * @param folder whose {@code authorized_keys} and {@code ca.pub} say who may log in
   * @param name of its own folder below
   */
  public SshDaemon(Path folder, String name) {
    Shell.need("openssh-server", "openssh-client", "openssh-sftp-server");
    try {
      this.folder = Files.createDirectory(folder.resolve(name));
      Shell.works(Map.of(), "mkdir", "-p", "/run/sshd");
      newHostKey();
      Files.writeString(
          this.folder.resolve("sshd_config"),
          """
          Port %d
          ListenAddress 127.0.0.1
          HostKey %s/host_key
          PidFile %2$s/pid
          AuthorizedKeysFile %s/authorized_keys
          TrustedUserCAKeys %3$s/ca.pub
          StrictModes no
          UsePAM no
          PasswordAuthentication no
          KbdInteractiveAuthentication no
          PermitRootLogin prohibit-password
          MaxStartups 100
          LogLevel VERBOSE
          Subsystem sftp internal-sftp
          """
              .formatted(port, this.folder, folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  public void newHostKey() {
    Shell.works(Map.of(), "rm", "-f", folder + "/host_key", folder + "/host_key.pub");
    Shell.works(
        Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/host_key");
  }

  public void start() {
    Shell.works(Map.of(), "/usr/sbin/sshd", "-f", folder + "/sshd_config", "-E", folder + "/log");
    Shell.eventually(
        "a listening sshd", Duration.ofSeconds(120), () -> Files.exists(folder.resolve("pid")));
  }

  /** With all that is connected. */
  public void stop() {
    try {
      Path file = folder.resolve("pid");
      if (Files.exists(file)) {
        long pid = Long.parseLong(Files.readString(file).strip());
        // Held first: a client that comes back at once would get a session that outlives it.
        Shell.works(Map.of(), "sh", "-c", "kill -STOP " + pid);
        ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
        daemon
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("sshd"))
            .forEach(ProcessHandle::destroyForcibly);
        daemon.destroyForcibly();
        Shell.eventually("the end of sshd", Duration.ofSeconds(120), () -> !daemon.isAlive());
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  public String fingerprint() {
    return Shell.works(Map.of(), "ssh-keygen", "-l", "-f", folder + "/host_key.pub").split(" ")[1];
  }

  /** A line for known_hosts. */
  public String knownHost() {
    try {
      return "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("host_key.pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long logins() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("log"));
      return lines.stream().filter(line -> line.contains("Accepted publickey")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
