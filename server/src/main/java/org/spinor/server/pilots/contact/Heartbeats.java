package org.spinor.server.pilots.contact;

import org.spinor.server.configuration.Configurations;
import org.spinor.server.pilots.PilotsProperties;
import org.springframework.stereotype.Component;

/**
 * How often pilots speak. A pilot's heartbeat renews the leases of its jobs too, and keeps those
 * that have ended and bring their output home: it comes as often as the most impatient VO wants it
 * from jobs.
 */
@Component
public final class Heartbeats {
  private final PilotsProperties properties;
  private final Configurations configurations;

  Heartbeats(PilotsProperties properties, Configurations configurations) {
    this.properties = properties;
    this.configurations = configurations;
  }

  /** Seconds between two of a pilot. */
  public int seconds() {
    int ofPilots = Math.toIntExact(properties.heartbeat().toSeconds());
    return configurations.current().operations().values().stream()
        .mapToInt(operations -> operations.jobScheduling().heartbeatSeconds())
        .reduce(ofPilots, Math::min);
  }
}
