package org.spinor.pilot.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where facts about the machine come from: its files, the environment, small commands.
 *
 * @param root the root of the file system; another folder in tests
 */
public record Host(Path root, Map<String, String> environment, Commands commands) {
  /** Runs a small command. */
  @FunctionalInterface
  public interface Commands {
    /**
     * @return what the command printed; empty where there is no such command, it failed, or did not
     *     end in time
     */
    Optional<String> run(List<String> command);
  }

  public Host {
    environment = Map.copyOf(environment);
  }

  /** The machine itself. */
  public static Host real() {
    return new Host(Path.of("/"), System.getenv(), new SmallCommands());
  }

  /** A file's text; empty where it cannot be read. */
  Optional<String> file(String path) {
    try {
      return Optional.of(Files.readString(resolve(path), StandardCharsets.ISO_8859_1).strip());
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  Path resolve(String path) {
    return root.resolve(path.substring(1));
  }

  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** Whether a program of this name is on the PATH. */
  public boolean hasProgram(String name) {
    for (String folder : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
      if (folder.startsWith("/") && Files.isExecutable(resolve(folder).resolve(name))) {
        return true;
      }
    }
    return false;
  }
}
