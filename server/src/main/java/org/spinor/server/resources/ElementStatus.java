package org.spinor.server.resources;

import java.time.Instant;

/**
 * The status of one thing for one kind of access, as stored.
 *
 * @param elementType {@code Site, ComputeElement, StorageElement} or {@code FTS}
 * @param statusType {@code all}, or {@code ReadAccess} and the like
 * @param vo {@code all}, or the one VO that it concerns
 */
record ElementStatus(
    String elementType,
    String name,
    String statusType,
    String vo,
    String status,
    String reason,
    String changedBy,
    Instant dateEffective) {
  static final String SITE = "Site";
  static final String COMPUTE = "ComputeElement";
  static final String STORAGE = "StorageElement";
  static final String FTS = "FTS";
  static final String ALL = "all";
  static final String ACTIVE = "Active";
  static final String BANNED = "Banned";
}
