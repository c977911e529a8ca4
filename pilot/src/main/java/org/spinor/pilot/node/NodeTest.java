package org.spinor.pilot.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the node is fit to run jobs. All tests are made; each that fails is one line that says
 * what is wrong and what was needed.
 *
 * @param minDiskMb scratch space needed at the start, MB
 * @param minMemoryMb memory needed, MB
 * @param maxClockError largest difference of the node's clock to the server's
 */
public record NodeTest(long minDiskMb, long minMemoryMb, Duration maxClockError) {

  /** The tests that need no server. */
  public List<String> problems(Host host, Path workDir, long memoryMb) {
    List<String> problems = new ArrayList<>();
    writable(workDir, "the work directory", problems);
    writable(host.resolve("/tmp"), "the directory for temporary files", problems);
    long freeMb = workDir.toFile().getUsableSpace() / 1_000_000;
    if (freeMb < minDiskMb) {
      problems.add(
          "only " + freeMb + " MB are free in " + workDir + ", at least " + minDiskMb + " needed");
    }
    if (memoryMb < minMemoryMb) {
      problems.add("only " + memoryMb + " MB of memory, at least " + minMemoryMb + " needed");
    }
    boolean shell =
        host.commands().run(List.of("/bin/sh", "-c", "echo fit")).filter("fit"::equals).isPresent();
    if (!shell) {
      problems.add("/bin/sh does not run");
    }
    return problems;
  }

  /** The test of the clock: a token's times would be wrong, and tickets of storages too. */
  public List<String> clockProblems(Duration difference) {
    if (difference.abs().compareTo(maxClockError) <= 0) {
      return List.of();
    }
    return List.of(
        "the node's clock differs from the server's by "
            + difference.toSeconds()
            + " s, at most "
            + maxClockError.toSeconds()
            + " allowed");
  }

  private static void writable(Path folder, String what, List<String> problems) {
    try {
      Path probe = Files.createTempFile(folder, "spinor-test", "");
      Files.writeString(probe, "fit");
      boolean same = Files.readString(probe).equals("fit");
      Files.delete(probe);
      if (!same) {
        problems.add(what + " " + folder + " does not keep what is written");
      }
    } catch (IOException e) {
      problems.add(what + " " + folder + " is not writable: " + e);
    }
  }
}
