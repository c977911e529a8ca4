package org.spinor.server.pilots;

import java.util.Map;
import java.util.Optional;
import org.spinor.api.PilotStatus;

/**
 * Pilots that are sent to test a queue. They take no job and end when they ask for the first one;
 * they count for no limit, and nobody but whoever tests follows them.
 */
public interface TrialPilots {

  /**
   * Writes one down.
   *
   * @param type of the computing element
   * @return its stamp
   */
  String create(Pilots.Queue queue, String type, String vo);

  /**
   * What is known of one.
   *
   * @param spoke whether it ever spoke with a token of its own
   * @param node as it describes its node; empty before
   * @param log the beginning of what it said, the bootstrap's lines first
   */
  record Look(
      PilotStatus status, String reason, boolean spoke, Map<String, String> node, String log) {
    public Look {
      node = Map.copyOf(node);
    }
  }

  /** Empty: there is no pilot of this stamp. */
  Optional<Look> look(String stamp);

  /** Ends it, and has its computing element end it too. */
  void end(String stamp, String reason);
}
