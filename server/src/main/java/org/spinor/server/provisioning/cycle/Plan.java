package org.spinor.server.provisioning.cycle;

import java.util.Map;
import java.util.Set;

/**
 * What to do about demand.
 *
 * @param send pilots to send, by slot
 * @param useless slots whose pilots that have not begun have no work to wait for
 * @param saturated whether more work could not change the plan before something else does
 */
record Plan(Map<Slot, Integer> send, Set<Slot> useless, boolean saturated) {
  Plan {
    send = Map.copyOf(send);
    useless = Set.copyOf(useless);
  }
}
