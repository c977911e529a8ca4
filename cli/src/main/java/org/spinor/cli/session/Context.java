package org.spinor.cli.session;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.spinor.cli.console.Terminal;

/**
 * What surrounds a command: where it runs, from what it is told, what it may show.
 *
 * @param directory against which file names are resolved
 * @param zone in which times are shown
 */
public record Context(
    Terminal terminal, Map<String, String> environment, Clock clock, ZoneId zone, Path directory) {
  public Context {
    environment = Map.copyOf(environment);
  }

  /** The surroundings of this process. */
  public static Context system() {
    return new Context(
        Terminal.system(),
        System.getenv(),
        Clock.systemUTC(),
        ZoneId.systemDefault(),
        Path.of("").toAbsolutePath());
  }

  /** A variable of the environment that is set and not empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** A file that the user named. */
  public Path file(String name) {
    return directory.resolve(name);
  }
}
