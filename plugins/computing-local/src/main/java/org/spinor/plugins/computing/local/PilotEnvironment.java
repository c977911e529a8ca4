package org.spinor.plugins.computing.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What pilots find in their environment: little of the server's own. Two marks tell whose a process
 * is, however far it went: {@code SPINOR_DATA}, the data folder of the server that sent it, and
 * {@link Processes#MARK}, the folder of its pilot. Pilots share their bundle in the data folder.
 */
final class PilotEnvironment {
  private final Path stateFolder;
  private final List<String> passed;

  PilotEnvironment(Path stateFolder, List<String> passed) {
    this.stateFolder = stateFolder;
    this.passed = passed;
  }

  Map<String, String> of(PilotFolder folder, Map<String, String> asked) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", Programs.PATH);
    environment.put("LANG", "C.UTF-8");
    for (String name : passed) {
      String value = System.getenv(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.put("HOME", folder.path().resolve("work").toString());
    Path data = Objects.requireNonNullElse(stateFolder.getParent(), stateFolder);
    environment.put("SPINOR_CACHE_DIR", data.resolve("pilot-cache").toString());
    environment.putAll(asked);
    environment.put("SPINOR_DATA", data.toString());
    environment.put(Processes.MARK, folder.path().toString());
    return environment;
  }
}
