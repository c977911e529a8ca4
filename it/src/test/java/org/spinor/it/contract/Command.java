package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Programs that run, say something and end. */
public final class Command {
  private Command() {}

  /**
   * How one ended.
   *
   * @param output standard output and standard error as they came
   */
  public record Result(List<String> command, int exit, String output) {
    public Result orFail() {
      if (exit != 0) {
        throw new AssertionError(
            String.join(" ", command) + " ended with " + exit + ":\n" + output);
      }
      return this;
    }
  }

  static boolean exists(String... command) {
    try {
      return of(Duration.ofMinutes(1), Map.of(), List.of(command)).exit() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  public static String run(Duration atMost, Map<String, String> environment, List<String> command) {
    return of(atMost, environment, command).orFail().output();
  }

  public static Result of(Duration atMost, Map<String, String> environment, List<String> command) {
    return of(atMost, environment, command, null);
  }

  /**
   * @param input file that it reads as its standard input
   */
  static Result of(
      Duration atMost,
      Map<String, String> environment,
      List<String> command,
      @Nullable Path input) {
    try {
      Path output = Files.createTempFile("command-", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of(input == null ? "/dev/null" : input.toString()).toFile());
        builder.environment().putAll(environment);
        // Programs that leave something behind in their folder do it there.
        builder.directory(
            Path.of(environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir")))
                .toFile());
        Process process = builder.start();
        if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              String.join(" ", command) + " does not end:\n" + Files.readString(output));
        }
        return new Result(command, process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
