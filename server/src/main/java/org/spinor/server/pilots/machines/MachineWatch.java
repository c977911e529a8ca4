package org.spinor.server.pilots.machines;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.PilotStatus;
import org.spinor.server.pilots.life.Endings;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.stereotype.Component;

/**
 * Ends pilots that machines were given and never started, so that their places are free, and
 * forgets machines that do not come back.
 */
@Component
final class MachineWatch implements TaskHandler {
  static final String TYPE = "pilots.machines";
  private static final Logger log = LoggerFactory.getLogger(MachineWatch.class);

  private final MachineTable machines;
  private final MachineSecretTable secrets;
  private final Endings endings;
  private final MachineProperties properties;

  MachineWatch(
      MachineTable machines,
      MachineSecretTable secrets,
      Endings endings,
      MachineProperties properties) {
    this.machines = machines;
    this.secrets = secrets;
    this.endings = endings;
    this.properties = properties;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(Duration.ofSeconds(Math.clamp(properties.lease().toSeconds() / 4, 2, 60)));
  }

  @Override
  public void run(String payload) {
    List<String> idle = machines.neverStarted(properties.lease());
    if (!idle.isEmpty()) {
      // It may come yet, from a slow download: as one that was only silent.
      endings.end(idle, PilotStatus.Aborted, "its machine has not started it", true, false);
      log.info("{} pilots were never started by their machines", idle.size());
    }
    int forgotten = machines.forget(properties.forget(), properties.forgetVirtual());
    if (forgotten > 0) {
      log.info("{} machines that were silent for long are forgotten", forgotten);
    }
    secrets.forget(properties.forget());
  }
}
