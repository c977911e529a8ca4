package org.spinor.pilot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs as the tools of several versions print them. */
class GpusTest {
  @TempDir private Path root;

  private FakeHost machine() {
    return new FakeHost(root).variable("PATH", "/usr/bin");
  }

  @Test
  void nvidiaToolNamesModelAndMemory() {
    FakeHost machine =
        machine()
            .program("/usr/bin/nvidia-smi")
            .prints(
                "nvidia-smi --query-gpu=name,memory.total --format=csv,noheader",
                "NVIDIA H100 80GB HBM3, 81559 MiB\nTesla T4, 15360 MiB\n");
    assertThat(new Gpus(machine.host()).found())
        .containsExactly("NVIDIA H100 80GB HBM3, 81559 MiB", "Tesla T4, 15360 MiB");
    machine.variable("CUDA_VISIBLE_DEVICES", "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6");
    assertThat(new Gpus(machine.host()).found()).hasSize(1);
    machine.variable("CUDA_VISIBLE_DEVICES", "NoDevFiles");
    assertThat(new Gpus(machine.host()).found()).isEmpty();
  }

  @Test
  void amdToolOfSeveralVersions() {
    assertThat(
            Gpus.rocmLines(
                """
                device,VRAM Total Memory (B),VRAM Total Used Memory (B),Card series,Card model,Card vendor,Card SKU
                card0,34342961152,7028736,Instinct MI100,0x0c34,Advanced Micro Devices Inc. [AMD/ATI],D34303
                card1,34342961152,7028736,Instinct MI100,0x0c34,Advanced Micro Devices Inc. [AMD/ATI],D34303
                """))
        .containsExactly("Instinct MI100, 32752 MiB", "Instinct MI100, 32752 MiB");
    assertThat(
            Gpus.rocmLines(
                """

                WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status

                device,VRAM Total Memory (B),VRAM Total Used Memory (B),Card Series,Card Model,Card Vendor,Card SKU,Subsystem ID,Device Rev,Node ID,GUID,GFX Version
                card0,68702699520,297455616,N/A,0x740f,Advanced Micro Devices Inc. [AMD/ATI],D67301,0x0c34,0x02,1,5554,gfx90a
                """))
        .containsExactly("0x740f, 65520 MiB");
    assertThat(Gpus.rocmLines("ERROR: no AMD GPU")).isEmpty();
  }

  @Test
  void kernelKnowsAmdCardsWithoutTheirTools() {
    FakeHost machine =
        machine()
            .file("/sys/class/drm/card0/device/vendor", "0x10de\n")
            .file("/sys/class/drm/card1/device/vendor", "0x1002\n")
            .file("/sys/class/drm/card1/device/mem_info_vram_total", "68702699520\n")
            .file("/sys/class/drm/card1/device/product_name", "AMD INSTINCT MI210\n")
            .file("/sys/class/drm/card2/device/vendor", "0x1002\n")
            .file("/sys/class/drm/card2/device/mem_info_vram_total", "536870912\n");
    assertThat(new Gpus(machine.host()).found())
        .containsExactly("AMD INSTINCT MI210, 65520 MiB", "AMD GPU, 512 MiB");
    machine.variable("ROCR_VISIBLE_DEVICES", "0");
    assertThat(new Gpus(machine.host()).found()).hasSize(1);
  }

  @Test
  void tagsNameModelAndMemoryClasses() {
    assertThat(Gpus.tags("NVIDIA A100-SXM4-40GB, 40960 MiB"))
        .startsWith("GPU", "GPU:NVIDIA-A100-SXM4-40GB", "GPU4GB")
        .endsWith("GPU32GB", "GPU40GB");
    assertThat(Gpus.tags("Tesla T4, 15360 MiB")).endsWith("GPU12GB", "GPU16GB");
    assertThat(Gpus.tags("AMD GPU")).containsExactly("GPU", "GPU:AMD-GPU");
  }
}
