package org.spinor.server.pilots.machines;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Machines that run pilots by themselves.
 *
 * @param lease a machine that was silent for so long has lost its place; 5 s to 1 day
 * @param codeLife so long an operator can let in a machine that asks
 * @param forget machines that were silent for so long must ask anew
 * @param forgetVirtual the same for those that came with a secret: mostly virtual ones, gone for
 *     good
 */
@ConfigurationProperties("spinor.machines")
record MachineProperties(
    @DefaultValue("10m") Duration lease,
    @DefaultValue("1h") Duration codeLife,
    @DefaultValue("180d") Duration forget,
    @DefaultValue("7d") Duration forgetVirtual) {

  MachineProperties {
    if (lease.compareTo(Duration.ofSeconds(5)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("spinor.machines.lease: 5s to 1d, not " + lease);
    }
    if (codeLife.compareTo(Duration.ofMinutes(1)) < 0
        || codeLife.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("spinor.machines.code-life: 1m to 7d, not " + codeLife);
    }
  }

  /** How often a machine speaks: several times within its lease. */
  int pauseSeconds(int usual) {
    return Math.toIntExact(Math.clamp(lease.toSeconds() / 4, 1, usual));
  }
}
