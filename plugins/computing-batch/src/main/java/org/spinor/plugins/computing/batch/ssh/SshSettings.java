package org.spinor.plugins.computing.batch.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.SiteFolder;

/** What operators can set for a host behind SSH. */
public final class SshSettings {
  private SshSettings() {}

  /** All of them. */
  public static List<Parameter> parameters() {
    return List.of(
        Parameter.text("SSHHost", "", "Host to log in to; default: the computing element's name."),
        Parameter.text(
            "SSHUser", "", "Account there; default: the one under which the server runs."),
        Parameter.number("SSHPort", 22, "", "Port of the SSH server."),
        Parameter.path(
            "SSHKey",
            Optional.empty(),
            "File of the private key on the server's host, in the format of OpenSSH or PEM, not encrypted; without it, the key that the server gives for this element."),
        Parameter.path(
            "SSHCertificate",
            Optional.empty(),
            "File of the key's OpenSSH certificate; default: the key's file with -cert.pub, where that is there."),
        Parameter.flag(
            "SSHAgent", false, "Offer the keys of the SSH agent at the server's SSH_AUTH_SOCK."),
        Parameter.text(
            "SSHPasswordSecret", "", "Name of the stored secret that is the account's password."),
        Parameter.text(
            "SSHJump",
            "",
            "Hosts to go through, as user@gate.example.org:22, separated by commas, the outermost first."),
        Parameter.text(
            "SSHHostKey",
            "",
            "Fingerprints (SHA256:...) of the hosts' keys, separated by blanks; without them known_hosts says."),
        Parameter.path(
            "SSHKnownHosts",
            Optional.empty(),
            "File of known hosts; default: those of the account and of the system."),
        Parameter.flag(
            "SSHAcceptNewHostKeys",
            false,
            "Believe a host of which no key is known the first time, and keep its key."));
  }

  /**
   * The host; connects when it is first used.
   *
   * @throws MisconfiguredException the settings contradict each other
   */
  public static Host host(
      Parameters parameters, ComputingElementContext context, SshConnections connections) {
    return new SshHost(connections, connection(parameters, context, connections));
  }

  /**
   * A folder on the host; connects when it is first used.
   *
   * @param path absolute
   * @throws MisconfiguredException the settings contradict each other
   */
  public static SiteFolder folder(
      Parameters parameters,
      ComputingElementContext context,
      SshConnections connections,
      String path) {
    return new SftpFolder(connections, connection(parameters, context, connections), path);
  }

  private static SshConnection connection(
      Parameters parameters, ComputingElementContext context, SshConnections connections) {
    String user = given(parameters, "SSHUser").orElse(System.getProperty("user.name", ""));
    String host = given(parameters, "SSHHost").orElse(context.name());
    long port = parameters.number("SSHPort");
    if (!user.matches("[A-Za-z0-9._-]+") || !host.matches("[A-Za-z0-9._:-]+")) {
      throw new MisconfiguredException("SSHUser, SSHHost: '" + user + "@" + host + "'");
    }
    if (port < 1 || port > 65535) {
      throw new MisconfiguredException("SSHPort: 1 to 65535, not " + port);
    }
    List<Target> route = new ArrayList<>(Target.chain(parameters.text("SSHJump").orElse(""), user));
    route.add(new Target(user, host, Math.toIntExact(port)));
    Login login =
        new Login(
            parameters.path("SSHKey"),
            parameters.path("SSHCertificate"),
            parameters.flag("SSHAgent"),
            parameters.text("SSHPasswordSecret").orElse(""),
            context.site() + "/" + context.name());
    return connections.take(route, login, hostKeys(parameters, context), context.credentials());
  }

  private static HostKeys hostKeys(Parameters parameters, ComputingElementContext context) {
    List<String> fingerprints =
        Arrays.stream(parameters.text("SSHHostKey").orElse("").split("[\\s,]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    for (String fingerprint : fingerprints) {
      if (!fingerprint.matches("SHA256:[A-Za-z0-9+/]{43}")) {
        throw new MisconfiguredException(
            "SSHHostKey: '" + fingerprint + "' is no SHA256:... as ssh-keygen -l shows it");
      }
    }
    return new HostKeys(
        fingerprints,
        parameters
            .path("SSHKnownHosts")
            .map(List::of)
            .orElseGet(
                () ->
                    List.of(
                        Path.of(System.getProperty("user.home", "/"), ".ssh", "known_hosts"),
                        Path.of("/etc/ssh/ssh_known_hosts"))),
        context.stateFolder().resolve("known_hosts"),
        parameters.flag("SSHAcceptNewHostKeys"));
  }

  private static Optional<String> given(Parameters parameters, String name) {
    return parameters.text(name).filter(value -> !value.isBlank());
  }
}
