package org.spinor.cli.session;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.spinor.cli.console.Terminal;

/**
 * What surrounds a command: where it runs, from what it is told, what it may show.
 *
 * @param directory against which file names are resolved
 * @param zone in which times are shown
 * @param endings what is done once the command has ended
 */
public record Context(
    Terminal terminal,
    Map<String, String> environment,
    Clock clock,
    ZoneId zone,
    Path directory,
    Queue<Runnable> endings) {
  public Context {
    environment = Map.copyOf(environment);
  }

  public Context(
      Terminal terminal,
      Map<String, String> environment,
      Clock clock,
      ZoneId zone,
      Path directory) {
    this(terminal, environment, clock, zone, directory, new ConcurrentLinkedQueue<>());
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

  /** Does this once the command has ended, however it ended. */
  public void atEnd(Runnable ending) {
    endings.add(ending);
  }

  /** The command has ended. */
  public void end() {
    for (Runnable ending = endings.poll(); ending != null; ending = endings.poll()) {
      ending.run();
    }
  }

  /** A file that the user named. */
  public Path file(String name) {
    return directory.resolve(name);
  }
}
