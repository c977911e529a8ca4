package org.spinor.server.matching.rules;

import java.util.Set;

/**
 * What holds at a place at this moment, whoever asks.
 *
 * @param usable false: the site is banned, only jobs of type Test may go there
 * @param full running limits that are reached
 * @param delayed matching delays that have not passed
 */
public record SiteState(boolean usable, Set<LimitKey> full, Set<LimitKey> delayed) {
  public static final SiteState OPEN = new SiteState(true, Set.of(), Set.of());

  public SiteState {
    full = Set.copyOf(full);
    delayed = Set.copyOf(delayed);
  }

  public boolean holdsBack() {
    return !full.isEmpty() || !delayed.isEmpty();
  }
}
