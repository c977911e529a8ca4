package org.spinor.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file with the installation's keys: a JWKS with the private parts, readable by its owner
 * alone. Several servers of one installation read the same file, or copies of it.
 */
final class KeyFile {
  private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
  private static final Set<KeyOperation> BOTH = EnumSet.of(KeyOperation.SIGN, KeyOperation.VERIFY);

  private KeyFile() {}

  /**
   * Where the keys are: the file that {@code --keystore} or {@code SPINOR_KEYSTORE} names, else
   * {@code secrets/jwks.json} in the data folder.
   */
  static Path of(Path dataFolder, String configured) {
    return configured.isEmpty()
        ? dataFolder.resolve("secrets").resolve("jwks.json")
        : Path.of(configured);
  }

  /** The keys of the file; where there is none, new ones, kept there. */
  static SigningKeys loadOrCreate(Path file, Instant now) {
    try {
      if (!Files.exists(file)) {
        create(file, fresh(now));
      }
      warnWhenOthersCanRead(file);
      return SigningKeys.of(JWKSet.parse(Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(
          "the key file " + file + " cannot be made: no such folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be read or made", e);
    } catch (ParseException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the key file " + file + " is no key set that this server can use: " + e.getMessage(), e);
    }
  }

  /** A key for people's tokens and one for machines' (decision 0020). */
  static JWKSet fresh(Instant now) {
    try {
      return new JWKSet(
          List.of(
              new OctetKeyPairGenerator(Curve.Ed25519)
                  .algorithm(JWSAlgorithm.Ed25519)
                  .keyID(keyId(now))
                  .keyOperations(BOTH)
                  .generate(),
              new OctetSequenceKeyGenerator(256)
                  .algorithm(JWSAlgorithm.HS256)
                  .keyID(keyId(now))
                  .keyOperations(BOTH)
                  .generate()));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make keys", e);
    }
  }

  private static String keyId(Instant now) {
    return Uuid7.at(now).toString().replace("-", "");
  }

  /**
   * Appears whole or not at all: of several servers that start at once on one new file, all use the
   * keys of the one that was first.
   */
  private static void create(Path file, JWKSet keys) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path draft =
        Files.createTempFile(
            folder,
            "jwks",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(draft, keys.toString(false) + "\n");
      Files.createLink(file, draft);
      log.info("made new signing keys in {}", file);
    } catch (FileAlreadyExistsException e) {
      log.info("another server has just made the signing keys in {}", file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void warnWhenOthersCanRead(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      log.warn(
          "every user of this host may read the signing keys and make tokens: chmod 600 {}", file);
    }
  }
}
