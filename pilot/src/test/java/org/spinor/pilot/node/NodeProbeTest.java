package org.spinor.pilot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProbeTest {
  @TempDir Path root;
  private FakeHost machine;

  @BeforeEach
  void prepare() {
    machine =
        new FakeHost(root)
            .variable("PATH", "/usr/bin:/opt/bin")
            .file("/proc/self/status", "Cpus_allowed_list:\t0-7\n")
            .file("/proc/meminfo", "MemTotal: 16000000 kB\n")
            .file("/proc/cpuinfo", "processor : 0\nmodel name\t: AMD EPYC 7742 64-Core\n")
            .file("/etc/os-release", "NAME=\"AlmaLinux\"\nPRETTY_NAME=\"AlmaLinux 9.4\"\n")
            .file(
                "/proc/mounts",
                """
                cvmfs2 /cvmfs/lhcb.cern.ch fuse ro 0 0
                cvmfs2 /cvmfs/atlas.cern.ch fuse ro 0 0
                /dev/sda / ext4 rw 0 0
                """)
            .program("/opt/bin/apptainer")
            .prints("getconf GNU_LIBC_VERSION", "glibc 2.34");
  }

  @Test
  void aNodeIsDescribed() {
    Node node = new NodeProbe(machine.host(), NodeOverrides.none()).probe(root, 17.5);
    assertThat(node.os()).isEqualTo("AlmaLinux 9.4");
    assertThat(node.cpuModel()).isEqualTo("AMD EPYC 7742 64-Core");
    assertThat(node.cores()).isEqualTo(8);
    assertThat(node.memoryMb()).isEqualTo(16_384);
    assertThat(node.containers()).containsExactly("apptainer");
    assertThat(node.cvmfs()).containsExactly("atlas.cern.ch", "lhcb.cern.ch");
    assertThat(node.platforms().getFirst()).matches("Linux_\\w+_glibc-2.34");
    assertThat(node.batch()).isEmpty();
    assertThat(node.asText()).containsEntry("cpu_power", "17.5").containsEntry("cores", "8");
  }

  @Test
  void theBatchSlotAndTheGivenGpusLimitTheNode() {
    machine
        .variable("SLURM_JOB_ID", "1")
        .variable("SLURM_CPUS_ON_NODE", "4")
        .variable("SLURM_MEM_PER_NODE", "8000")
        .variable("CUDA_VISIBLE_DEVICES", "2")
        .program("/usr/bin/nvidia-smi")
        .prints(
            "nvidia-smi --query-gpu=name,memory.total --format=csv,noheader",
            "NVIDIA A100-SXM4-40GB, 40960 MiB\nNVIDIA A100-SXM4-40GB, 40960 MiB\n");
    Node node = new NodeProbe(machine.host(), NodeOverrides.none()).probe(root, 1);
    assertThat(node.cores()).isEqualTo(4);
    assertThat(node.memoryMb()).isEqualTo(8388);
    assertThat(node.gpus()).containsExactly("NVIDIA A100-SXM4-40GB, 40960 MiB");
    assertThat(node.batch()).hasValue(new Node.Batch("Slurm", "1"));
  }

  @Test
  void whatThePilotWasToldGoesBefore() {
    NodeOverrides told =
        new NodeOverrides(2, 1000, 500, 0, 10, List.of("any"), Optional.of(Duration.ofHours(1)));
    Node node = new NodeProbe(machine.host(), told).probe(root, 10);
    assertThat(node.cores()).isEqualTo(2);
    assertThat(node.memoryMb()).isEqualTo(1000);
    assertThat(node.diskMb()).isEqualTo(500);
    assertThat(node.platforms()).containsExactly("any");
  }

  @Test
  void theTestNamesEveryProblem() {
    NodeTest strict = new NodeTest(Long.MAX_VALUE, 100_000, Duration.ofSeconds(5));
    assertThat(strict.problems(machine.host(), root.resolve("nothing"), 16_384))
        .hasSize(5)
        .anyMatch(problem -> problem.startsWith("the work directory"))
        .anyMatch(problem -> problem.contains("temporary files"))
        .anyMatch(problem -> problem.contains("MB are free"))
        .anyMatch(problem -> problem.contains("16384 MB of memory"))
        .anyMatch(problem -> problem.contains("/bin/sh does not run"));
    assertThat(strict.clockProblems(Duration.ofSeconds(-6))).hasSize(1);
    assertThat(strict.clockProblems(Duration.ofSeconds(5))).isEmpty();
  }

  @Test
  void thisMachinePassesItsTest() {
    assertThat(new NodeTest(1, 1, Duration.ofSeconds(5)).problems(Host.real(), root, 1000))
        .isEmpty();
  }

  @Test
  void cpuPowerIsPlausibleAndCached() throws Exception {
    Path cache = root.resolve("power");
    double power = CpuPower.cachedOrMeasured(cache, "k", 1);
    assertThat(power).isBetween(1.0, 200.0);
    assertThat(cache).content().isEqualTo("k=" + power + "\n");
    assertThat(CpuPower.cachedOrMeasured(cache, "k", 1)).isEqualTo(power);
  }
}
