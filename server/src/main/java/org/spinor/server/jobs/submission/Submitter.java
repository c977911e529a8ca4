package org.spinor.server.jobs.submission;

import org.spinor.server.identity.Caller;

/** In whose name jobs are made. */
record Submitter(String vo, String owner, String ownerGroup) {
  static Submitter of(Caller caller) {
    return new Submitter(caller.vo(), caller.username(), caller.group());
  }
}
