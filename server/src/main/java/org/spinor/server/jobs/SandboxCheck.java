package org.spinor.server.jobs;

import java.util.Map;
import java.util.Set;

/** Implemented by the room that keeps sandboxes: may a job take these as its input? */
public interface SandboxCheck {
  /**
   * What is wrong with each sandbox, by its name; those that are good are not in the answer.
   *
   * @param names as they stand in the JDL, {@code SB:SandboxSE|/S3/...}
   */
  Map<String, String> problems(String vo, String owner, String ownerGroup, Set<String> names);
}
