package org.spinor.plugins.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaemonFolderTest {
  /** Works in the folder, but does not name it. */
  private static long working(DaemonFolder folder) throws Exception {
    return new ProcessBuilder("sleep", "600").directory(folder.path().toFile()).start().pid();
  }

  /** Names the folder, and works elsewhere. */
  private static long named(DaemonFolder folder) throws Exception {
    return new ProcessBuilder("tail", "-f", "/dev/null", folder.path() + "/none").start().pid();
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /** In a JVM of its own: starts both and waits to be killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      DaemonFolder folder = new DaemonFolder("spinor-reaped");
      System.out.println(folder.path() + " " + working(folder) + " " + named(folder));
      Thread.currentThread().join();
    }
  }

  @Test
  void allThatWorksThereEndsWithTheJvmThoughThatIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dspinor.install=" + Shell.script("install.sh"),
                Victim.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
      List<String> words = List.of(output.readLine().split(" "));
      Path folder = Path.of(words.getFirst());
      long working = Long.parseLong(words.get(1));
      long named = Long.parseLong(words.get(2));
      assertThat(folder).isDirectory();
      assertThat(lives(working) && lives(named)).isTrue();
      jvm.destroyForcibly();
      Shell.eventually(
          "the end of both and of the folder",
          Duration.ofSeconds(30),
          () -> !lives(working) && !lives(named) && !Files.exists(folder));
    } finally {
      jvm.destroyForcibly();
    }
  }

  @Test
  void closingEndsThatFolderAndSparesItsNeighbour() throws Exception {
    try (DaemonFolder neighbour = new DaemonFolder("spinor-reaped")) {
      long spared = working(neighbour);
      DaemonFolder folder = new DaemonFolder("spinor-reaped");
      long ended = working(folder);
      folder.close();
      assertThat(folder.path()).doesNotExist();
      Shell.eventually("its end", Duration.ofSeconds(60), () -> !lives(ended));
      assertThat(lives(spared)).isTrue();
      assertThat(neighbour.path()).isDirectory();
    }
  }
}
