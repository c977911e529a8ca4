package org.spinor.plugins.computing.batch.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/**
 * How the server shows who it is.
 *
 * @param key file of a private key
 * @param certificate file of its OpenSSH certificate; where it is not given and {@code
 *     KEY-cert.pub} is there, that
 * @param agent whether the keys of the SSH agent are offered
 * @param passwordSecret name of the stored password; empty: none
 * @param owner whose credentials are asked for; the same owner, the same answers
 */
record Login(
    Optional<Path> key,
    Optional<Path> certificate,
    boolean agent,
    String passwordSecret,
    String owner) {

  /** Gives a session everything it may show. Read at each connection: keys are renewed on disk. */
  void equip(ClientSession session, Credentials credentials) {
    if (key.isPresent()) {
      session.addPublicKeyIdentity(pair(key.get(), certificateText(key.get())));
    } else if (!passwordSecret.isEmpty()) {
      session.addPasswordIdentity(credentials.secret(passwordSecret).value());
    } else if (!agent) {
      Credential.SshKey given = credentials.sshKey();
      session.addPublicKeyIdentity(
          pair("the key of " + owner, given.privateKey(), given.certificate()));
    }
  }

  private Optional<String> certificateText(Path keyFile) {
    Path beside = Path.of(keyFile + "-cert.pub");
    Optional<Path> file = certificate.or(() -> Optional.of(beside).filter(Files::exists));
    return file.map(path -> read(path, "SSHCertificate"));
  }

  private static KeyPair pair(Path file, Optional<String> certificate) {
    return pair(file.toString(), read(file, "SSHKey"), certificate);
  }

  private static String read(Path file, String parameter) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MisconfiguredException(parameter + ": cannot read " + file, e);
    }
  }

  private static KeyPair pair(String name, String privateKey, Optional<String> certificate) {
    try {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(name),
              new ByteArrayInputStream(privateKey.getBytes(StandardCharsets.UTF_8)),
              null);
      if (pairs == null || !pairs.iterator().hasNext()) {
        throw new MisconfiguredException(name + " holds no private key");
      }
      KeyPair plain = pairs.iterator().next();
      if (certificate.isEmpty()) {
        return plain;
      }
      PublicKey shown =
          PublicKeyEntry.parsePublicKeyEntry(certificate.get().strip())
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
      return new KeyPair(shown, plain.getPrivate());
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new MisconfiguredException(
          name + " cannot be used (is it encrypted, or no OpenSSH key?): " + e.getMessage(), e);
    }
  }
}
