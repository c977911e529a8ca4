package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * An image in the Podman of this account: busybox, and the folder {@code /only-in-the-image}. Where
 * Podman runs nothing, the tests that want it are skipped.
 */
public final class PodmanImage implements AutoCloseable {
  private final String name;

  /**
   * @param name as {@code localhost/something:1}
   */
  public PodmanImage(String name) {
    Shell.need("podman", "runc", "busybox-static");
    this.name = name;
    try {
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "spinor-image");
      Path root = folder.resolve("root");
      for (String each : List.of("bin", "tmp", "proc", "dev", "etc", "only-in-the-image")) {
        Files.createDirectories(root.resolve(each));
      }
      Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
      for (String program : List.of("sh", "sleep", "echo", "test")) {
        Files.createSymbolicLink(root.resolve("bin").resolve(program), Path.of("busybox"));
      }
      Shell.works(Map.of(), "tar", "-C", root.toString(), "-cf", folder + "/image.tar", ".");
      Shell.works(Map.of(), "podman", "import", folder + "/image.tar", name);
      Shell.works(Map.of(), "rm", "-rf", folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!runs("podman", "run") && !runs("podman", "--runtime=runc", "run")) {
      close();
      Assumptions.abort("Podman runs nothing here");
    }
  }

  private boolean runs(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    // Its own limits may be above those of this machine, which it then cannot set.
    all.addAll(
        List.of(
            "--rm",
            "--network=host",
            "--ulimit=nofile=1024:1024",
            "--ulimit=nproc=1024:1024",
            name,
            "/bin/sh",
            "-c",
            "true"));
    return Shell.run(Map.of(), all.toArray(String[]::new)).code() == 0;
  }

  public String name() {
    return name;
  }

  @Override
  public void close() {
    Shell.run(Map.of(), "podman", "rmi", "--force", name);
  }
}
