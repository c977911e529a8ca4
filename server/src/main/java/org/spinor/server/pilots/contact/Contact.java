package org.spinor.server.pilots.contact;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pilot spoke.
 *
 * @param node what it says of its node; empty: nothing
 * @param timeLeft seconds left in its slot
 * @param running attempts that it holds
 * @param jobId the job that it got last
 */
public record Contact(
    String stamp,
    Map<String, String> node,
    OptionalLong timeLeft,
    OptionalInt running,
    OptionalLong jobId) {

  public static Contact only(String stamp) {
    return new Contact(
        stamp, Map.of(), OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty());
  }

  /** Both in one: the later one counts where both say something. */
  Contact then(Contact later) {
    return new Contact(
        stamp,
        later.node.isEmpty() ? node : later.node,
        later.timeLeft.isPresent() ? later.timeLeft : timeLeft,
        later.running.isPresent() ? later.running : running,
        later.jobId.isPresent() ? later.jobId : jobId);
  }
}
