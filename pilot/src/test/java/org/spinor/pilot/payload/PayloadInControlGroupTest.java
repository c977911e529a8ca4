package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same with control groups for each payload, where this account may make them. */
class PayloadInControlGroupTest extends PayloadTest {
  private Optional<ControlGroups> parents = Optional.empty();

  @Override
  ControlGroups groups() throws InterruptedException {
    if (parents.isEmpty()) {
      ControlGroups found = ControlGroups.find();
      assumeThat(found).as("control groups may be made here").isNotEqualTo(ControlGroups.NONE);
      parents = Optional.of(found);
    }
    return parents.get();
  }

  @Test
  void memoryOfAPayloadIsCountedWhileItRunsAndAfterwards() throws Exception {
    ControlGroups groups = groups();
    assumeThat(groups.memory().isPresent() || countsMemory(groups))
        .as("memory is counted in the control groups of this machine")
        .isTrue();
    // dd holds as much as one block is large.
    Payload payload =
        start("dd if=/dev/zero bs=60000000 count=1 | sleep 1000", Duration.ofSeconds(1));
    await(() -> payload.usage().residentBytes() >= 55_000_000);
    assertThat(payload.usage().residentBytes()).isBetween(55_000_000L, 120_000_000L);
    assertThat(payload.processes().proportionalBytes()).isBetween(55_000_000L, 120_000_000L);
    payload.end();
    assertThat(payload.exit().get(50, TimeUnit.SECONDS)).isGreaterThan(128);
    assertThat(payload.peakBytes().orElseThrow()).isBetween(55_000_000L, 200_000_000L);
  }

  @Test
  void cpuTimeOfProcessesThatNobodyCollectsIsCounted() throws Exception {
    Payload payload =
        start(
            "(setsid sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo >ready' &); until [ -e ready ]; do sleep 0.1; done",
            Duration.ofSeconds(2));
    assertThat(payload.exit().get(50, TimeUnit.SECONDS)).isZero();
    payload.end();
    assertThat(payload.usage().cpuSeconds()).isBetween(0.05, 20.0);
  }

  private static boolean countsMemory(ControlGroups groups) {
    return groups
        .unified()
        .filter(
            parent ->
                ControlGroup.text(parent.resolve("cgroup.subtree_control")).contains("memory"))
        .isPresent();
  }

  /** Those of its own payload: tests beside it and pilots of this machine have theirs. */
  @AfterEach
  void noGroupIsLeft() throws Exception {
    await(() -> made().isEmpty());
  }

  private List<Path> made() {
    return parents
        .orElse(ControlGroups.NONE)
        .parents()
        .map(parent -> parent.resolve(ControlGroups.PREFIX + mark))
        .filter(Files::exists)
        .toList();
  }
}
