package org.spinor.server.pilots.machines;

import java.util.List;
import java.util.Map;
import org.spinor.api.MachineAnswer;
import org.spinor.api.PilotStatus;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.spinor.server.pilots.fleet.Fleet;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.pilots.life.PilotRegistry;
import org.springframework.stereotype.Component;

/** The pilots that a machine runs, one after the other. */
@Component
final class MachinePilots {
  private final MachineTable machines;
  private final PilotRegistry registry;
  private final SecretKeeper secrets;
  private final Endings endings;

  MachinePilots(
      MachineTable machines, PilotRegistry registry, SecretKeeper secrets, Endings endings) {
    this.machines = machines;
    this.registry = registry;
    this.secrets = secrets;
    this.endings = endings;
  }

  /** A new pilot, with a stamp and a secret of its own. */
  MachineAnswer.MachinePilot next(Machine machine, Configuration.Queue queue) {
    String stamp = Fleet.stamp();
    machines.register(machine, stamp);
    Map<String, String> secret = secrets.renew(List.of(stamp));
    return new MachineAnswer.MachinePilot(
        stamp, secret.getOrDefault(stamp, ""), queue.parameters().getOrDefault("PilotOptions", ""));
  }

  /** Whatever pilots the machine had live no more. */
  void over(Machine machine, String reason) {
    endings.end(machines.living(machine.id()), PilotStatus.Aborted, reason, false, false);
  }

  /** It finishes what it runs and takes no more. */
  void drain(String stamp, String reason) {
    registry.drain(stamp, reason);
  }
}
