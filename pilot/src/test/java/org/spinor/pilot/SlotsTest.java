package org.spinor.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spinor.api.Assignment;
import org.spinor.api.JobId;

class SlotsTest {
  private static final List<String> TWO =
      List.of("NVIDIA A100, 40960 MiB", "NVIDIA A100, 40960 MiB");

  private static Assignment job(int number, int cores, long memoryMb, String more) {
    String jdl = "Executable = \"a\"; " + more;
    return new Assignment(new JobId(number), 1, "", "", "", jdl, "", cores, memoryMb, 0, 0, 60);
  }

  private static Slots slots(Map<String, String> environment) {
    return new Slots(8, 16_150, true, 64, GpuShares.of(TWO, environment));
  }

  @Test
  void whatJobsTakeIsNoLongerFree() {
    Slots slots = slots(Map.of());
    slots.take(job(1, 2, 4000, ""));
    slots.take(job(2, 4, 10_000, ""));
    assertThat(slots.freeCores()).isEqualTo(2);
    assertThat(slots.freeMemoryMb()).isEqualTo(2000);
    assertThat(slots.freeGpus()).as("of jobs that want none").isEqualTo(2);
    slots.free(job(2, 4, 10_000, ""));
    assertThat(slots.freeCores()).isEqualTo(6);
    assertThat(slots.freeMemoryMb()).isEqualTo(12_000);
  }

  @Test
  void eachJobSeesGpusOfItsOwn() {
    Slots slots = slots(Map.of());
    assertThat(slots.take(job(1, 1, 0, "NumberOfGPUs = 1;")))
        .isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", "0"));
    assertThat(slots.take(job(2, 1, 0, ""))).isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", ""));
    assertThat(slots.take(job(3, 1, 0, "Tags = {\"GPU40GB\"};")))
        .isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", "1"));
    assertThat(slots.freeGpus()).isZero();
    slots.free(job(1, 1, 0, ""));
    assertThat(slots.freeGpus()).isEqualTo(1);
    assertThat(slots.take(job(4, 1, 0, "NumberOfGPUs = 1;")))
        .isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", "0"));
  }

  @Test
  void theBatchSystemsNamesOfGpusAreKept() {
    Slots slots = slots(Map.of("CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b"));
    slots.take(job(1, 1, 0, "NumberOfGPUs = 1;"));
    assertThat(slots.take(job(2, 1, 0, "NumberOfGPUs = 1;")))
        .isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", "GPU-b"));
    GpuShares amd = GpuShares.of(List.of("AMD Instinct MI250X, 65520 MiB"), Map.of());
    assertThat(amd.visible(List.of("0"))).isEqualTo(Map.of("ROCR_VISIBLE_DEVICES", "0"));
  }

  @Test
  void wholeNodesHaveAllAndNodesWithoutGpusSayNothing() {
    assertThat(slots(Map.of()).take(job(1, 8, 0, "WholeNode = true;")))
        .isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", "0,1"));
    assertThat(new Slots(8, 16_150, true, 64).take(job(1, 1, 0, "NumberOfGPUs = 1;"))).isEmpty();
  }
}
