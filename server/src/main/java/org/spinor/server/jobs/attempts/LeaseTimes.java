package org.spinor.server.jobs.attempts;

import java.util.Map;
import java.util.TreeMap;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.springframework.stereotype.Component;

/** How long an attempt may be silent: three heartbeats of its VO. */
@Component
final class LeaseTimes {
  private static final int MISSED_HEARTBEATS = 3;
  private static final int DEFAULT_HEARTBEAT_SECONDS = 300;

  private final Configurations configurations;

  LeaseTimes(Configurations configurations) {
    this.configurations = configurations;
  }

  /** Seconds of a lease by VO. */
  Map<String, Integer> byVo() {
    Map<String, Integer> seconds = new TreeMap<>();
    configurations
        .current()
        .operations()
        .forEach(
            (vo, operations) ->
                seconds.put(vo, MISSED_HEARTBEATS * operations.jobScheduling().heartbeatSeconds()));
    return seconds;
  }

  /** The lease of a VO that the configuration does not know any more. */
  int other() {
    return MISSED_HEARTBEATS * DEFAULT_HEARTBEAT_SECONDS;
  }

  /** Seconds of the longest lease of all VOs. */
  int longest() {
    return byVo().values().stream().mapToInt(Integer::intValue).max().orElse(other());
  }

  /** Attempts that the infrastructure may lose before the job fails. */
  int budget(String vo) {
    Configuration.Operations operations = configurations.current().operations().get(vo);
    return operations == null ? 0 : operations.jobScheduling().maxInfrastructureFailures();
  }
}
