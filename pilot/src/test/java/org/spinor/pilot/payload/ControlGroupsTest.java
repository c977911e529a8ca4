package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines as trees of folders. */
class ControlGroupsTest {
  private static final String SECOND = "0::/slots/slot1\n";
  private static final String FIRST =
      "9:memory:/slots/slot1\n4:cpuacct,cpu:/slots/slot1\n1:name=systemd:/user\n";

  @TempDir private Path root;

  private Path file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private String second(String mountRoot) {
    return "30 23 0:26 %s %s/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
        .formatted(mountRoot, root);
  }

  private String first() {
    return """
        31 23 0:27 / %1$s/memory rw shared:5 - cgroup cgroup rw,memory
        32 23 0:28 / %1$s/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
        33 23 0:29 / %1$s/systemd rw - cgroup cgroup rw,xattr,name=systemd
        """
        .formatted(root);
  }

  @Test
  void machineOfVersion2HasOneGroupForEverything() throws Exception {
    assertThat(ControlGroups.find(second("/"), SECOND, parent -> true))
        .isEqualTo(
            new ControlGroups(
                Optional.of(root.resolve("unified/slots/slot1")),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void inAContainerTheGroupIsSeenFromItsOwnRoot() throws Exception {
    assertThat(ControlGroups.find(second("/slots"), SECOND, parent -> true).unified())
        .hasValue(root.resolve("unified/slot1"));
    assertThat(ControlGroups.find(second("/slot"), SECOND, parent -> true).unified()).isEmpty();
  }

  @Test
  void machineOfVersion1HasOneForEachController() throws Exception {
    file("memory/slots/slot1/memory.use_hierarchy", "1\n");
    assertThat(ControlGroups.find(first(), FIRST, parent -> true))
        .isEqualTo(
            new ControlGroups(
                Optional.empty(),
                Optional.of(root.resolve("memory/slots/slot1")),
                Optional.of(root.resolve("cpu,cpuacct/slots/slot1"))));
  }

  @Test
  void machineWithBothTakesWhatOnlyVersion1Counts() throws Exception {
    file("memory/slots/slot1/memory.use_hierarchy", "1\n");
    assertThat(ControlGroups.find(first() + second("/"), FIRST + SECOND, parent -> true))
        .isEqualTo(
            new ControlGroups(
                Optional.of(root.resolve("unified/slots/slot1")),
                Optional.of(root.resolve("memory/slots/slot1")),
                Optional.empty()));
  }

  @Test
  void whereLimitsDoNotHoldBelowNoGroupIsMade() throws Exception {
    file("memory/slots/slot1/memory.use_hierarchy", "0\n");
    assertThat(ControlGroups.find(first(), FIRST, parent -> true).memory()).isEmpty();
  }

  @Test
  void whereNothingMayBeMadeThereAreNone() throws Exception {
    assertThat(ControlGroups.find(first() + second("/"), FIRST + SECOND, parent -> false))
        .isEqualTo(ControlGroups.NONE);
    assertThat(ControlGroups.find("nonsense\n", "more\n::\n0::relative\n", parent -> true))
        .isEqualTo(ControlGroups.NONE);
    assertThat(ControlGroups.NONE.create("mark")).isEmpty();
  }

  @Test
  void countersOfVersion2AreRead() throws Exception {
    file("g/cpu.stat", "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n");
    file("g/memory.stat", "anon 40000000\nfile 900000000\nkernel 1\nshmem 2000000\n");
    file("g/memory.peak", "950000000\n");
    file("g/cgroup.procs", "12\n13\n");
    ControlGroup group = new ControlGroup(List.of(root.resolve("g")));
    assertThat(group.cpuSeconds()).hasValue(2.5);
    assertThat(group.memoryBytes()).hasValue(42_000_000);
    assertThat(group.peakBytes()).hasValue(950_000_000);
    assertThat(group.processes()).containsExactly(12L, 13L);
  }

  @Test
  void countersOfVersion1AreRead() throws Exception {
    file("m/memory.stat", "cache 7\nrss 1\ntotal_rss 30000000\ntotal_shmem 500\ntotal_cache 9\n");
    file("m/memory.max_usage_in_bytes", "80000000\n");
    file("m/cgroup.procs", "12\n");
    file("c/cpu.stat", "nr_periods 0\nnr_throttled 0\n");
    file("c/cpuacct.usage", "1500000000\n");
    file("c/cgroup.procs", "12\n14\n");
    ControlGroup group = new ControlGroup(List.of(root.resolve("m"), root.resolve("c")));
    assertThat(group.cpuSeconds()).hasValue(1.5);
    assertThat(group.memoryBytes()).hasValue(30_000_500);
    assertThat(group.peakBytes()).hasValue(80_000_000);
    assertThat(group.processes()).containsExactly(12L, 14L);
  }

  @Test
  void whatNobodyCountsIsNotKnown() {
    ControlGroup group = new ControlGroup(List.of(root.resolve("nowhere")));
    assertThat(group.cpuSeconds()).isEmpty();
    assertThat(group.memoryBytes()).isEmpty();
    assertThat(group.peakBytes()).isEmpty();
    assertThat(group.processes()).isEmpty();
  }

  /** Refuses controllers below a group with processes, and moves these, as the kernel does. */
  private void asTheKernel(Path file, String text) throws IOException {
    Path group = Objects.requireNonNull(file.getParent());
    if (file.endsWith("cgroup.procs")) {
      for (Path from : List.of(root.resolve("slot"), group)) {
        String left = ControlGroup.text(from.resolve("cgroup.procs")).replace(text + "\n", "");
        Files.writeString(from.resolve("cgroup.procs"), left);
      }
      text = ControlGroup.text(file) + text + "\n";
    } else if (!ControlGroup.processes(group).isEmpty()) {
      throw new IOException("Device or resource busy");
    }
    Files.writeString(file, text);
  }

  @Test
  void pilotThatIsAloneMovesAsideSoThatMemoryIsCounted() throws Exception {
    file("slot/cgroup.controllers", "cpu memory pids\n");
    file("slot/cgroup.procs", "5\n6\n");
    new MemoryController(this::asTheKernel, Set.of(1L, 5L, 6L)).switchOn(root.resolve("slot"));
    assertThat(root.resolve("slot/cgroup.subtree_control")).hasContent("+memory");
    assertThat(ControlGroup.processes(root.resolve("slot"))).isEmpty();
    Path own = root.resolve("slot/spinor-pilot-" + ProcessHandle.current().pid());
    assertThat(ControlGroup.processes(own)).containsExactly(5L, 6L);
  }

  @Test
  void whatIsNotThePilotsIsNotMoved() throws Exception {
    file("slot/cgroup.controllers", "cpu memory pids\n");
    file("slot/cgroup.procs", "5\n6\n7\n");
    new MemoryController(this::asTheKernel, Set.of(1L, 5L, 6L)).switchOn(root.resolve("slot"));
    assertThat(root.resolve("slot/cgroup.subtree_control")).doesNotExist();
    assertThat(ControlGroup.processes(root.resolve("slot"))).containsExactly(5L, 6L, 7L);
  }

  @Test
  void whereTheKernelStaysBusyThePilotMovesBack() throws Exception {
    file("slot/cgroup.controllers", "memory\n");
    file("slot/cgroup.procs", "5\n");
    new MemoryController(
            (file, text) -> {
              if (file.endsWith("cgroup.subtree_control")) {
                throw new IOException("Device or resource busy");
              }
              asTheKernel(file, text);
            },
            Set.of(5L))
        .switchOn(root.resolve("slot"));
    assertThat(ControlGroup.processes(root.resolve("slot"))).containsExactly(5L);
  }
}
