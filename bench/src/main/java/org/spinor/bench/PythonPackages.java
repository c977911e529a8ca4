package org.spinor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * DiracX with what it needs, from PyPI, in a virtual environment. The black-box suite has the same
 * one, by the same list of packages and in the same place: who comes first makes it.
 */
final class PythonPackages {
  static final Path SOURCES = ServerUnderLoad.HOME.resolve("it/src/test/python");

  private PythonPackages() {}

  /** The environment's python. */
  static Path python() {
    try {
      Path requirements = SOURCES.resolve("requirements.txt");
      Path home =
          ServerUnderLoad.HOME.resolve("it/target/python-" + hash(Files.readString(requirements)));
      Files.createDirectories(home.getParent());
      try (FileChannel channel =
              FileChannel.open(
                  home.resolveSibling(home.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.exists(home.resolve("complete"))) {
          fill(home, requirements);
          Files.writeString(home.resolve("complete"), "");
        }
      }
      return home.resolve("bin/python");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Path home, Path requirements) {
    Path log = home.resolveSibling(home.getFileName() + ".log");
    ServerUnderLoad.say("installing DiracX from PyPI, once");
    try {
      Child.run(log, List.of("python3", "-m", "venv", home.toString()));
    } catch (IllegalStateException | UncheckedIOException e) {
      throw new MissingException(
          "needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)", e);
    }
    try {
      Child.run(
          log,
          List.of(
              home.resolve("bin/pip").toString(),
              "--disable-pip-version-check",
              "install",
              "--quiet",
              "--no-deps",
              "--requirement",
              requirements.toString()));
    } catch (IllegalStateException e) {
      throw new MissingException("could not install DiracX from PyPI (see " + log + ")", e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
