package org.spinor.plugins.computing.batch.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.spinor.spi.MisconfiguredException;

/**
 * Which hosts are believed to be who they say.
 *
 * @param fingerprints as {@code SHA256:...}; where there are any, these and no others
 * @param files in the format of OpenSSH's known_hosts
 * @param own where new keys are written down
 * @param acceptNew whether a host of which no key is known is believed the first time
 */
record HostKeys(List<String> fingerprints, List<Path> files, Path own, boolean acceptNew) {
  private static final String REVOKED = "revoked";

  HostKeys {
    fingerprints = List.copyOf(fingerprints);
    files = List.copyOf(files);
  }

  /**
   * Refuses a host that is not known to have this key.
   *
   * @throws MisconfiguredException with what to do about it
   */
  void check(Target target, PublicKey key) {
    String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    if (!fingerprints.isEmpty()) {
      if (!fingerprints.contains(fingerprint)) {
        throw new MisconfiguredException(
            target.host() + " shows the key " + fingerprint + ", which SSHHostKey does not name");
      }
      return;
    }
    boolean known = false;
    for (KnownHostEntry entry : entries(target)) {
      boolean same = KeyUtils.compareKeys(key(entry), key);
      if (REVOKED.equals(entry.getMarker()) && same) {
        throw new MisconfiguredException(target.host() + " shows a key that is revoked");
      }
      if (entry.getMarker() == null || entry.getMarker().isEmpty()) {
        if (same) {
          return;
        }
        known = true;
      }
    }
    if (known) {
      throw new MisconfiguredException(
          target.host()
              + " shows the key "
              + fingerprint
              + ", and another one is known: it was installed anew, or somebody stands in between");
    }
    if (!acceptNew) {
      throw new MisconfiguredException(
          "the host key of "
              + target.host()
              + " is not known; if "
              + fingerprint
              + " is right, write it as SSHHostKey, or add the host to known_hosts");
    }
    remember(target, key);
  }

  private void remember(Target target, PublicKey key) {
    String name = target.port() == 22 ? target.host() : "[" + target.host() + "]:" + target.port();
    try {
      Files.createDirectories(own.toAbsolutePath().getParent());
      Files.writeString(
          own,
          name + " " + PublicKeyEntry.toString(key) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new MisconfiguredException("cannot write the host key down in " + own, e);
    }
  }

  /** Types of keys known of a host: asked for first, so that it does not show another one. */
  Set<String> types(Target target) {
    Set<String> types = new LinkedHashSet<>();
    for (KnownHostEntry entry : entries(target)) {
      types.add(entry.getKeyEntry().getKeyType());
    }
    if (types.contains("ssh-rsa")) {
      types.add("rsa-sha2-512");
      types.add("rsa-sha2-256");
    }
    return types;
  }

  private List<KnownHostEntry> entries(Target target) {
    List<Path> all = new ArrayList<>(files);
    all.add(own);
    List<KnownHostEntry> entries = new ArrayList<>();
    for (Path file : all) {
      if (Files.isReadable(file)) {
        try {
          KnownHostEntry.readKnownHostEntries(file).stream()
              .filter(entry -> entry.isHostMatch(target.host(), target.port()))
              .forEach(entries::add);
        } catch (IOException | IllegalArgumentException e) {
          throw new MisconfiguredException("cannot read " + file + ": " + e.getMessage(), e);
        }
      }
    }
    return entries;
  }

  private static PublicKey key(KnownHostEntry entry) {
    try {
      return entry.getKeyEntry().resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
    } catch (IOException | GeneralSecurityException e) {
      throw new MisconfiguredException(
          "a known host key cannot be read: " + entry.getConfigLine(), e);
    }
  }
}
