package org.spinor.server.matching;

import java.util.List;
import org.spinor.api.Offer;

/** How much waiting work places could do: what provisioning follows. */
public interface Demand {
  /**
   * Waiting jobs that each of the offers could run now (site status, limits and delays included),
   * in the order of the offers. A job counts for every offer that fits it: the caller shares out.
   */
  List<Long> servable(List<Offer> offers);
}
