package org.spinor.pilot.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A machine made of a folder, variables, and what commands would print. */
final class FakeHost {
  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> commands = new HashMap<>();

  FakeHost(Path root) {
    this.root = root;
  }

  FakeHost file(String path, String text) {
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeHost program(String path) {
    file(path, "");
    if (!root.resolve(path.substring(1)).toFile().setExecutable(true)) {
      throw new IllegalStateException(path);
    }
    return this;
  }

  FakeHost variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  FakeHost prints(String command, String text) {
    commands.put(command, text);
    return this;
  }

  Host host() {
    return new Host(
        root, environment, command -> Optional.ofNullable(commands.get(String.join(" ", command))));
  }
}
