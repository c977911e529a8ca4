package org.spinor.server.pilots;

import java.util.Set;

/**
 * Implemented by provisioning, which knows the ways by which pilots call: from which queues no call
 * comes through, now or until so short a time ago that not every pilot has called again.
 */
@FunctionalInterface
public interface UnheardQueues {
  Set<Pilots.Queue> unheard();
}
