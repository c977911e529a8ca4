package org.spinor.server.pilots;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Pilots and what is kept of them.
 *
 * @param heartbeat how often a pilot is to say that it lives; 1 s to 10 min
 * @param missedHeartbeats after so many it counts as dead: its jobs wait again
 * @param longestUnheard while nobody can hear a pilot, because the way by which it calls is broken,
 *     it is believed to live for so long after its last word
 * @param longestOutage while nobody at a site of several machines is heard, its pilots are believed
 *     to live for so long after the last word from there; 0: no longer than others
 * @param maxLog kept of the log of one pilot; what comes after is dropped
 * @param logRetention logs are kept so long
 * @param retention pilots that have ended are kept so long, those that were aborted a quarter of it
 * @param payloadTokenLife how long a job can talk to the server; longer than the longest job
 * @param longestWait the longest that an idle pilot is told to wait before it asks again
 * @param fastFailure a job that fails sooner after its match counts against its node
 * @param fastFailures so many in a row put the node aside; 0: never
 * @param asideFor how long
 */
@ConfigurationProperties("spinor.pilots")
public record PilotsProperties(
    @DefaultValue("60s") Duration heartbeat,
    @DefaultValue("3") int missedHeartbeats,
    @DefaultValue("1d") Duration longestUnheard,
    @DefaultValue("30m") Duration longestOutage,
    @DefaultValue("16MB") DataSize maxLog,
    @DefaultValue("30d") Duration logRetention,
    @DefaultValue("30d") Duration retention,
    @DefaultValue("14d") Duration payloadTokenLife,
    @DefaultValue("60s") Duration longestWait,
    @DefaultValue("120s") Duration fastFailure,
    @DefaultValue("5") int fastFailures,
    @DefaultValue("6h") Duration asideFor) {

  public PilotsProperties {
    if (heartbeat.compareTo(Duration.ofSeconds(1)) < 0
        || heartbeat.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("spinor.pilots.heartbeat: 1s to 10m, not " + heartbeat);
    }
    if (missedHeartbeats < 1) {
      throw new IllegalArgumentException("spinor.pilots.missed-heartbeats: at least 1");
    }
    if (fastFailures < 0) {
      throw new IllegalArgumentException("spinor.pilots.fast-failures: 0 or more");
    }
  }

  static PilotsProperties defaults() {
    return new PilotsProperties(
        Duration.ofSeconds(60),
        3,
        Duration.ofDays(1),
        Duration.ofMinutes(30),
        DataSize.ofMegabytes(16),
        Duration.ofDays(30),
        Duration.ofDays(30),
        Duration.ofDays(14),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        5,
        Duration.ofHours(6));
  }

  /** A pilot that was silent for so long counts as dead. */
  public Duration silence() {
    return heartbeat.multipliedBy(missedHeartbeats);
  }
}
