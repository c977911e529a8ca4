package org.spinor.plugins.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs programs for tests, and waits for what they do. */
public final class Shell {
  private Shell() {}

  /** What a program says, however it ends. */
  public record Result(int code, String output) {}

  public static Result run(Map<String, String> environment, String... arguments) {
    return run(Duration.ofSeconds(240), environment, arguments);
  }

  /**
   * The same for a program that may take long.
   *
   * @param patience after which it has failed
   */
  public static Result run(
      Duration patience, Map<String, String> environment, String... arguments) {
    try {
      Path output = Files.createTempFile("spinor-it", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(List.of(arguments))
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              // A file, because daemons keep a pipe open for ever.
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(List.of(arguments) + " does not end");
      }
      String said = Files.readString(output, StandardCharsets.ISO_8859_1);
      Files.delete(output);
      return new Result(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a program says that works. */
  public static String works(Map<String, String> environment, String... arguments) {
    Result result = run(environment, arguments);
    assertThat(result.code()).as("%s: %s", List.of(arguments), result.output()).isZero();
    return result.output();
  }

  /** Installs packages; where that is not possible, the tests that call are skipped. */
  public static void need(String... packages) {
    String[] command = new String[packages.length + 2];
    command[0] = "sh";
    command[1] = script("install.sh");
    System.arraycopy(packages, 0, command, 2, packages.length);
    // Another JVM may be installing at this moment, and that is waited for.
    Result result = run(Duration.ofMinutes(30), Map.of(), command);
    Assumptions.assumeTrue(result.code() == 0, result.output());
  }

  /** Where a script of the test bed is. */
  static String script(String name) {
    return Path.of(System.getProperty("spinor.install", "../testbed/src/main/sh/install.sh"))
        .toAbsolutePath()
        .resolveSibling(name)
        .toString();
  }

  /** Ends a daemon that has written its number down. */
  public static void stop(Path pidFile) {
    try {
      if (Files.exists(pidFile)) {
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        ProcessHandle.of(pid)
            .ifPresent(
                process -> {
                  process.destroy();
                  eventually(
                      "the end of process " + pid,
                      Duration.ofSeconds(120),
                      () -> !process.isAlive());
                });
        Files.deleteIfExists(pidFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void eventually(String what, Duration patience, Callable<Boolean> condition) {
    Instant deadline = Instant.now().plus(patience);
    try {
      while (!condition.call()) {
        assertThat(Instant.now()).as(what).isBefore(deadline);
        Thread.sleep(100);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A port that is free now. */
  public static int freePort() {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
