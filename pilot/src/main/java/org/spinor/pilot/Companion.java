package org.spinor.pilot;

import java.time.Duration;
import java.time.InstantSource;
import org.spinor.api.CompanionPilot;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;

/** How the pilot on a further node of an allocation comes by a name and a secret of its own. */
final class Companion {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private Companion() {}

  /**
   * Asks the server in the name of the pilot that was sent, for as long as a pilot waits for it.
   *
   * @throws RuntimeException as the calls of {@link ServerLink}: the last failure
   */
  static CompanionPilot of(PilotSettings settings, String secret, Duration limit, Log log)
      throws InterruptedException {
    ServerLink leader =
        new ServerLink(settings.server(), settings.stamp(), secret, limit, InstantSource.system());
    WorkSettings.Ending patience = settings.work().ending();
    Backoff backoff = new Backoff(patience.retryPause(), LONGEST_PAUSE);
    long giveUp = System.nanoTime() + patience.serverPatience().toNanos();
    while (true) {
      try {
        return leader.companion(settings.nodeNumber());
      } catch (RuntimeException e) {
        log.warn("no name for this node yet: " + e.getMessage());
        if (Fault.of(e) != Fault.TEMPORARY || System.nanoTime() - giveUp > 0) {
          throw e;
        }
        Thread.sleep(backoff.next());
      }
    }
  }
}
