package org.spinor.server.matching;

import java.util.Set;

/**
 * What holds at a place at this moment, whoever asks.
 *
 * @param usable false: the site is banned, only jobs of type Test may go there
 * @param full running limits that are reached
 * @param delayed matching delays that have not passed
 */
record SiteState(boolean usable, Set<LimitKey> full, Set<LimitKey> delayed) {
  static final SiteState OPEN = new SiteState(true, Set.of(), Set.of());

  SiteState {
    full = Set.copyOf(full);
    delayed = Set.copyOf(delayed);
  }

  boolean holdsBack() {
    return !full.isEmpty() || !delayed.isEmpty();
  }
}
