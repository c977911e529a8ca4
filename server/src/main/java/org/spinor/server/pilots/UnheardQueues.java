package org.spinor.server.pilots;

import java.time.Duration;
import java.util.Set;

/**
 * Implemented by provisioning, which knows the ways by which pilots call: from which queues no call
 * comes through, now or until so short a time ago that not every pilot has called again.
 */
@FunctionalInterface
public interface UnheardQueues {
  /** A pilot whose calls were not answered tries again within a minute. */
  Duration EVERYBODY_CALLED = Duration.ofSeconds(90);

  Set<Pilots.Queue> unheard();
}
