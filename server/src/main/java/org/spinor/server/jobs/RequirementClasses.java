package org.spinor.server.jobs;

import java.util.Map;
import java.util.Set;

/**
 * Implemented by the matcher: the number of the class of each set of requirements. Numbers are
 * given once and stay.
 */
public interface RequirementClasses {
  /**
   * Makes missing classes, in a transaction of its own that is committed when this returns. Fast
   * for known ones. Call it before a transaction is begun, not inside: a new class needs a
   * connection while the caller waits.
   */
  Map<Requirements, Integer> numbersOf(Set<Requirements> requirements);
}
