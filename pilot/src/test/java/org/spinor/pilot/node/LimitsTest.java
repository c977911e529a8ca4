package org.spinor.pilot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
  @TempDir Path root;
  private FakeHost machine;

  @BeforeEach
  void prepare() {
    machine =
        new FakeHost(root)
            .file("/proc/self/status", "Name:\tjava\nCpus_allowed_list:\t0-15,32-47\n")
            .file("/proc/meminfo", "MemTotal:       65536000 kB\nMemFree: 1 kB\n");
  }

  @Test
  void withoutGroupsAffinityAndMemoryCount() {
    Limits limits = new Limits(machine.host());
    assertThat(limits.cores()).isEqualTo(32);
    assertThat(limits.memoryBytes()).isEqualTo(65_536_000L * 1024);
  }

  @Test
  void version2LimitsOfGroupsAboveCountToo() {
    machine
        .file("/proc/self/cgroup", "0::/slurm/job1/step0\n")
        .file("/sys/fs/cgroup/slurm/job1/step0/cpu.max", "max 100000")
        .file("/sys/fs/cgroup/slurm/job1/cpu.max", "350000 100000")
        .file("/sys/fs/cgroup/slurm/job1/memory.max", "4000000000")
        .file("/sys/fs/cgroup/slurm/job1/step0/memory.max", "max");
    Limits limits = new Limits(machine.host());
    assertThat(limits.cores()).isEqualTo(4);
    assertThat(limits.memoryBytes()).isEqualTo(4_000_000_000L);
  }

  @Test
  void version1LimitsCount() {
    machine
        .file("/proc/self/cgroup", "5:cpu,cpuacct:/batch\n4:memory:/batch/7\n1:name=systemd:/x\n")
        .file("/sys/fs/cgroup/cpu/batch/cpu.cfs_quota_us", "50000")
        .file("/sys/fs/cgroup/cpu/batch/cpu.cfs_period_us", "100000")
        .file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
        .file("/sys/fs/cgroup/memory/batch/7/memory.limit_in_bytes", "9223372036854771712")
        .file("/sys/fs/cgroup/memory/batch/memory.limit_in_bytes", "2000000000");
    Limits limits = new Limits(machine.host());
    assertThat(limits.cores()).isEqualTo(1);
    assertThat(limits.memoryBytes()).isEqualTo(2_000_000_000L);
  }

  @Test
  void listsOfCpusAreCounted() {
    assertThat(Limits.countList("0")).isEqualTo(1);
    assertThat(Limits.countList("0-3,8,10-11")).isEqualTo(7);
  }
}
