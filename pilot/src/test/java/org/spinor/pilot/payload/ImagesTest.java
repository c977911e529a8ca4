package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.node.Host;

class ImagesTest {
  private static final String IMAGE = "localhost/spinor-images-test:1";
  @TempDir private Path folder;
  private final List<String> said = new CopyOnWriteArrayList<>();

  private Images images(String... programs) {
    return new Images(
        folder, List.of(programs), List.of(), new Log("test", InstantSource.system(), said::add));
  }

  @Test
  void nodeWithoutAProgramLeavesImagesToOthers() {
    assertThat(images("bwrap", "docker").any()).isFalse();
    assertThatThrownBy(() -> images().of(IMAGE))
        .isInstanceOfSatisfying(
            Images.ImageException.class, failure -> assertThat(failure.elsewhere()).isTrue())
        .hasMessage("no Apptainer or Podman is on this node for the job's image");
  }

  @Test
  void imageOfAFileSystemThatIsNotMountedIsLeftToOthers() {
    assertThatThrownBy(() -> images("apptainer").of("/cvmfs/unpacked.example.org/image"))
        .isInstanceOfSatisfying(
            Images.ImageException.class, failure -> assertThat(failure.elsewhere()).isTrue())
        .hasMessageContaining("is not on this node");
  }

  @Test
  void everyWayThatWasTriedIsTold() {
    assertThatThrownBy(() -> images("singularity").of("nonsense-image"))
        .isInstanceOfSatisfying(
            Images.ImageException.class, failure -> assertThat(failure.elsewhere()).isFalse())
        .hasMessageStartingWith("the image nonsense-image cannot be run: ");
  }

  @Test
  void podmanIsTriedWithAndWithoutItsInitAndWithRunc() {
    List<Containment> ways =
        ContainmentChoice.withImage(List.of("podman"), "i", List.of("--read-only"));
    assertThat(ways)
        .extracting(Containment::name)
        .containsExactly(
            "podman", "podman without init", "podman with runc", "podman with runc without init");
    JobFolders folders =
        new JobFolders(Path.of("/w/job"), Path.of("/w/tmp"), Path.of("/w/control"));
    assertThat(ways.getLast().wrap(folders, Set.of("A", "PATH"), List.of("sh")))
        .startsWith("podman", "--runtime=runc", "run", "--rm", "--network=host")
        .containsSequence("--env", "A")
        .contains("--name=spinor-w-control-payload-pid")
        .doesNotContain("PATH", "--init")
        .endsWith("--read-only", "i", "sh");
  }

  /** With the real Podman, where it can run anything at all for this account. */
  @Test
  void podmanRunsAPayloadInItsImage() throws Exception {
    Host host = Host.real();
    assumeThat(host.hasProgram("podman") && host.hasProgram("busybox"))
        .as("podman and a static busybox are here")
        .isTrue();
    assumeThat(importImage()).as("podman takes an image").isTrue();
    Images images = images("podman");
    Containment containment;
    try {
      containment = images.of(IMAGE);
    } catch (Images.ImageException e) {
      assertThat(e).hasMessageContaining("podman with runc without init: exit code");
      assumeThat(false).as("podman can run an image here: " + e.getMessage()).isTrue();
      return;
    }
    assertThat(said).anyMatch(line -> line.contains("is run by podman"));
    assertThat(images.of(IMAGE)).as("remembered").isSameAs(containment);
    JobFolders folders = JobFolders.create(folder.resolve("1.1"));
    List<String> command =
        containment.wrap(
            folders, Set.of("COLOUR"), List.of("/bin/sh", "-c", "ls / >seen; echo $COLOUR"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("COLOUR", "blue");
    Process process = builder.redirectOutput(folder.resolve("out").toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(folder.resolve("out")).content().isEqualTo("blue\n");
    assertThat(folders.job().resolve("seen")).content().contains("only-in-the-image");
  }

  @Test
  void containersOfPilotsThatAreGoneAreRemoved() throws Exception {
    Host host = Host.real();
    assumeThat(host.hasProgram("podman") && host.hasProgram("busybox"))
        .as("podman and a static busybox are here")
        .isTrue();
    assumeThat(importImage()).as("podman takes an image").isTrue();
    String own = LostContainers.label().getFirst();
    String dead = own + "0"; // the same number, but begun later
    String elsewhere = own.replace("/", "/9"); // processes that are not seen from here
    String earlier = "--label=org.spinor.pilot=before-the-restart/1/ 1 1";
    List<String> made = new ArrayList<>();
    try {
      for (String label : List.of(own, elsewhere, "--label=org.spinor.pilot=x", dead, earlier)) {
        String name = "spinor-images-test-" + UUID.randomUUID();
        assertThat(run("podman", "create", "--name=" + name, label, IMAGE, "/bin/sh")).isTrue();
        made.add(name);
      }
      List<Boolean> expected = List.of(true, true, true, false, false);
      List<Boolean> left = List.of();
      // It gives up on a podman that is slow: the next pilot's start tries again.
      for (int i = 0; i < 5 && !left.equals(expected); i++) {
        LostContainers.remove();
        left = exist(made);
      }
      assertThat(left).isEqualTo(expected);
    } finally {
      made.forEach(LostContainers::remove);
    }
  }

  private List<Boolean> exist(List<String> names) throws IOException, InterruptedException {
    List<Boolean> exist = new ArrayList<>();
    for (String name : names) {
      exist.add(run("podman", "container", "exists", name));
    }
    return exist;
  }

  /** A file system with nothing but busybox. */
  private boolean importImage() throws IOException, InterruptedException {
    Path root = folder.resolve("image");
    for (String each : List.of("bin", "tmp", "proc", "dev", "etc", "only-in-the-image")) {
      Files.createDirectories(root.resolve(each));
    }
    Path busybox = Path.of("/bin/busybox");
    Files.copy(busybox, root.resolve("bin/busybox"));
    for (String name : List.of("sh", "ls", "echo")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
    return run("tar", "-C", root.toString(), "-cf", folder + "/image.tar", ".")
        && run("podman", "import", folder + "/image.tar", IMAGE);
  }

  private boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
  }
}
