package org.spinor.server.provisioning.cycle;

import org.spinor.server.pilots.Pilots;

/**
 * Where pilots of one VO can be sent, with those that are there.
 *
 * @param idle so many shall wait there while there is work, all VOs together
 * @param most so many may be there, all VOs together
 * @param coresOfOne cores that a pilot there brings, as far as known; at least 1
 * @param open pilots may be sent now
 * @param population as far as it counts
 * @param pending whether pilots are there that have not begun, counting or not
 * @param nodes of an allocation: so many pilots begin where one is sent
 */
record Slot(
    Pilots.Queue queue,
    String vo,
    int idle,
    int most,
    int coresOfOne,
    boolean open,
    Pilots.Population population,
    boolean pending,
    int nodes) {

  /** Pilots that have not begun yet; those that the element does not know may still come. */
  int starting() {
    return population.unsent() + population.waiting() + population.unknown();
  }

  /** Cores that will take jobs soon, without anybody sending more. */
  long coresComing() {
    return coresOfAllocation() * starting() + (long) coresOfOne * population.idle();
  }

  /** Cores that come where one pilot is sent. */
  long coresOfAllocation() {
    return (long) coresOfOne * nodes;
  }
}
