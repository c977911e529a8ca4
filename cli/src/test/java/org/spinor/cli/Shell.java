package org.spinor.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;

/** Runs command lines in this process, as a user in a folder would. */
public final class Shell {
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private String input = "";

  public Shell(Path directory) {
    this.directory = directory;
    environment.put(
        "DIRACX_CREDENTIALS_PATH", directory.resolve("login/credentials.json").toString());
  }

  /** A shell that knows the server and has a token for it. */
  public Shell(Path directory, FakeServer server) {
    this(directory);
    with("SPINOR_URL", server.address().toString()).with("SPINOR_TOKEN", "token");
  }

  public Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public Shell without(String variable) {
    environment.remove(variable);
    return this;
  }

  public Shell typing(String text) {
    input = text;
    return this;
  }

  public Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment);
    Context context =
        new Context(terminal, environment, Clock.systemUTC(), ZoneOffset.UTC, directory);
    int exitCode = Main.run(context, arguments);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** What became of a command line. */
  public record Result(int exitCode, String out, String err) {}
}
