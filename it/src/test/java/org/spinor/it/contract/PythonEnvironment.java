package org.spinor.it.contract;

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
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A virtual environment with the packages of {@code requirements.txt}, made once for each content
 * of that file. Where Python is missing, or PyPI out of reach, the tests that need it are skipped;
 * where the packages cannot be installed for another reason, they fail.
 */
public record PythonEnvironment(Path home) {
  private static final Path CHECKOUT = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Path SOURCES = CHECKOUT.resolve("it/src/test/python");
  private static final Duration LONG = Duration.ofMinutes(10);

  /** Gives it to tests that ask for it. */
  public static final class Given implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == PythonEnvironment.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(
              PythonEnvironment.class, key -> PythonEnvironment.make(), PythonEnvironment.class);
    }
  }

  public Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** A script of ours. */
  public static Path script(String name) {
    return SOURCES.resolve(name);
  }

  private static PythonEnvironment make() {
    Assumptions.assumeTrue(
        Command.exists(
            "python3", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"),
        "needs Python 3.11 or newer with venv (Debian: python3-venv)");
    try {
      Path requirements = SOURCES.resolve("requirements.txt");
      Path home = CHECKOUT.resolve("it/target/python-" + hash(Files.readString(requirements)));
      Files.createDirectories(home.getParent());
      Path lock = home.resolveSibling(home.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.exists(home.resolve("complete"))) {
          fill(home, requirements);
          Files.writeString(home.resolve("complete"), "");
        }
      }
      return new PythonEnvironment(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Path home, Path requirements) {
    Command.run(LONG, Map.of(), List.of("python3", "-m", "venv", home.toString()));
    Command.Result installed =
        Command.of(
            LONG,
            Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
            List.of(
                home.resolve("bin/pip").toString(),
                "install",
                "--quiet",
                "--no-deps",
                // most of it is never imported
                "--no-compile",
                "--retries",
                "2",
                "--requirement",
                requirements.toString()));
    Assumptions.assumeFalse(
        installed.exit() != 0 && unreachable(installed.output()), "PyPI cannot be reached");
    installed.orFail();
  }

  /** As pip says it when no index answers; a version that an index does not have says it not. */
  private static boolean unreachable(String output) {
    return output.contains("connection broken by") && output.contains("(from versions: none)");
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
