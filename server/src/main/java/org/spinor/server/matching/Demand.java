package org.spinor.server.matching;

import java.util.BitSet;
import java.util.List;
import org.spinor.api.Offer;

/** How much waiting work places could do: what provisioning follows. */
public interface Demand {
  /**
   * Waiting jobs that fit the same places.
   *
   * @param offers positions of all the offers that could run them, at least one
   * @param cores that these jobs need together, each counted with its smallest number
   */
  record Group(BitSet offers, long jobs, long cores) {}

  /**
   * The waiting jobs that at least one of the offers could run now (site status, limits and delays
   * included), each job in one group, one group for each set of offers that occurs: the caller
   * shares the jobs out among the offers, so that no job counts twice.
   */
  List<Group> servable(List<Offer> offers);
}
