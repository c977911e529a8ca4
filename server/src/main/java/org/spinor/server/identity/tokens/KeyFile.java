package org.spinor.server.identity.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

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
      return read(file);
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(
          "the key file " + file + " cannot be made: no such folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be read or made", e);
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

  /** The keys of a file that is there. */
  static SigningKeys read(Path file) {
    try {
      warnWhenOthersCanRead(file);
      return SigningKeys.of(parse(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw unusable(file, e);
    }
  }

  static JWKSet parse(Path file) {
    try {
      return JWKSet.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be read", e);
    } catch (ParseException e) {
      throw unusable(file, e);
    }
  }

  private static IllegalStateException unusable(Path file, Exception e) {
    return new IllegalStateException(
        "the key file " + file + " is no key set that this server can use: " + e.getMessage(), e);
  }

  /** New keys in front, which sign; those of before only verify. */
  static void rotate(Path file, Instant now) {
    change(
        file,
        before -> {
          List<JWK> keys = new ArrayList<>(fresh(now).getKeys());
          before.forEach(key -> keys.add(retired(key)));
          return keys;
        });
  }

  private static JWK retired(JWK key) {
    Set<KeyOperation> verify = EnumSet.of(KeyOperation.VERIFY);
    return switch (key) {
      case OctetKeyPair pair ->
          new OctetKeyPair.Builder(pair.toPublicJWK()).keyOperations(verify).build();
      case OctetSequenceKey secret ->
          new OctetSequenceKey.Builder(secret).keyOperations(verify).build();
      default -> key; // none of ours: refused when the file is read
    };
  }

  /**
   * @throws SpinorException 404 no such key, 409 it signs
   */
  static void remove(Path file, String keyId) {
    change(
        file,
        before -> {
          JWK key =
              before.stream()
                  .filter(each -> keyId.equals(each.getKeyID()))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new SpinorException(
                              ErrorCode.NOT_FOUND,
                              "no key %s (spinor admin keys list)".formatted(keyId)));
          if (SigningKeys.maySign(key)) {
            throw new SpinorException(
                ErrorCode.CONFLICT, "this key signs: spinor admin keys rotate, then remove it");
          }
          return before.stream().filter(each -> !keyId.equals(each.getKeyID())).toList();
        });
  }

  /** The file is whole at any time, and one command changes it at a time. */
  private static void change(Path file, UnaryOperator<List<JWK>> change) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      JWKSet changed = new JWKSet(change.apply(parse(file).getKeys()));
      SigningKeys.of(changed); // or it is not taken
      Path real = file.toRealPath();
      Path draft = draft(folder(real));
      try {
        Files.writeString(draft, changed.toString(false) + "\n");
        if (!Files.getOwner(draft).equals(Files.getOwner(real))) {
          Files.setOwner(draft, Files.getOwner(real)); // the server's user must read it
        }
        Files.move(
            draft, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the key file " + file + " cannot be changed", e);
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  private static Path draft(Path folder) throws IOException {
    return Files.createTempFile(
        folder,
        "jwks",
        ".new",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static String keyId(Instant now) {
    return Uuid7.at(now).toString().replace("-", "");
  }

  /**
   * Appears whole or not at all: of several servers that start at once on one new file, all use the
   * keys of the one that was first.
   */
  private static void create(Path file, JWKSet keys) throws IOException {
    Path folder = folder(file);
    Files.createDirectories(folder);
    Path draft = draft(folder);
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
