package org.spinor.server.matching.shares;

/** What groups and owners weigh, from the configuration and, where it is wanted, past usage. */
public interface Shares {

  /**
   * A group's part.
   *
   * @param weight relative to the other groups
   * @param jobSharing whether its jobs are one pot
   * @param background whether classes of tiny priority run only when nothing else does
   */
  record GroupShare(double weight, boolean jobSharing, boolean background) {}

  GroupShare ofGroup(String vo, String group);

  /** What an owner weighs in the group; 1 is the usual. */
  double ownerFactor(String vo, String group, String owner);
}
