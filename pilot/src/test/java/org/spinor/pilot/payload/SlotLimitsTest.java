package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotLimitsTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max processes             %s                96365                processes
      Max open files            1024                 %s                files
      """;

  @Test
  void hardLimitsOfTheSlotAreThoseOfTheContainer() {
    assertThat(SlotLimits.forPodman(LIMITS.formatted("96365", "20000"), "4194304"))
        .containsExactly("--ulimit=nofile=20000:20000", "--ulimit=nproc=96365:96365");
  }

  @Test
  void noneIsAboveWhatPodmanLetsItselfHave() {
    assertThat(SlotLimits.forPodman(LIMITS.formatted("96365", "unlimited"), "32768"))
        .containsExactly("--ulimit=nofile=1048576:1048576", "--ulimit=nproc=32768:32768");
  }

  @Test
  void whatIsNotKnownIsLeftToPodman() {
    assertThat(SlotLimits.forPodman("", "")).isEmpty();
    assertThat(SlotLimits.forPodman("Max open files 1 x files\n", "many")).isEmpty();
  }
}
