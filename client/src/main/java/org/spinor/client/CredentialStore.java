package org.spinor.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.spinor.api.TokenResponse;
import tools.jackson.core.JacksonException;

/**
 * The file in which a login is kept between commands: that of DiracX, so that both clients share
 * one login. Only its owner may read it, and one process at a time renews it: a refresh token used
 * twice ends the login.
 */
public final class CredentialStore {
  /** A token that ends sooner is renewed before use. */
  private static final int RENEW_BEFORE_SECONDS = 60;

  private final Path file;
  private final Clock clock;

  public CredentialStore(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** The file's place: {@code DIRACX_CREDENTIALS_PATH}, else in the user's cache folder. */
  public static Path defaultPath(Map<String, String> environment) {
    String path = environment.get("DIRACX_CREDENTIALS_PATH");
    return path == null || path.isBlank()
        ? home(environment).resolve(Path.of(".cache", "diracx", "credentials.json"))
        : Path.of(path);
  }

  /** As the DiracX client finds it: {@code HOME}, else what the system says of the user. */
  private static Path home(Map<String, String> environment) {
    String home = environment.get("HOME");
    return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
  }

  public Path file() {
    return file;
  }

  /** The login in the file; empty where there is none, or none that can be read. */
  public Optional<Credentials> load() {
    try {
      return Credentials.of(Json.tree(Files.readString(file)));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the credentials " + file, e);
    }
  }

  /** Keeps a login, in place of the one before. */
  public Credentials save(TokenResponse answer) {
    Credentials credentials = Credentials.of(answer, clock.instant());
    try {
      create();
      try (ExclusiveLock _ = ExclusiveLock.on(file)) {
        write(credentials);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the credentials " + file, e);
    }
    return credentials;
  }

  /** Forgets the login. */
  public void clear() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the credentials " + file, e);
    }
  }

  /**
   * An access token that is good for the next minute; renewed, under a lock on the file, where the
   * one in the file is not.
   *
   * @param renew trades a refresh token for new tokens
   * @return empty where nobody is logged in, or the login has ended
   */
  public Optional<String> accessToken(Function<String, TokenResponse> renew) {
    Optional<Credentials> credentials = load();
    if (credentials.isEmpty() && !Files.exists(file)) {
      return Optional.empty();
    }
    if (credentials.filter(this::usable).isPresent()) {
      return credentials.map(Credentials::accessToken);
    }
    try (ExclusiveLock _ = ExclusiveLock.on(file)) {
      // another process may have renewed it while we waited for the lock
      Optional<Credentials> current = load();
      if (current.filter(this::usable).isPresent()) {
        return current.map(Credentials::accessToken);
      }
      String refreshToken = current.map(Credentials::refreshToken).orElse(null);
      if (refreshToken == null) {
        return Optional.empty();
      }
      Credentials renewed = Credentials.of(renew.apply(refreshToken), clock.instant());
      write(renewed);
      return Optional.of(renewed.accessToken());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot renew the credentials " + file, e);
    }
  }

  private boolean usable(Credentials credentials) {
    return credentials.goodFor(RENEW_BEFORE_SECONDS, clock.instant());
  }

  private void create() throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] folderMode = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
    FileAttribute<?>[] fileMode = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    Files.createDirectories(
        file.toAbsolutePath().getParent(), posix ? folderMode : new FileAttribute<?>[0]);
    try {
      Files.createFile(file, posix ? fileMode : new FileAttribute<?>[0]);
    } catch (FileAlreadyExistsException e) {
      if (posix) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  /** In place, not by a new file: the lock of the other clients is on this one. */
  private void write(Credentials credentials) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes =
          ByteBuffer.wrap(Json.write(credentials.wire()).getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
