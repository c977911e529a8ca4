package org.spinor.pilot;

import java.time.Duration;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.LogSpool;

/** Sends the pilot's log to the server as it is written, from a thread of its own. */
final class LogStreamer implements AutoCloseable {
  private static final int PIECE = 256 * 1024;
  private static final Duration LOOK = Duration.ofMillis(500);

  private final ServerLink link;
  private final LogSpool spool;
  private final Backoff backoff;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean refused;

  LogStreamer(ServerLink link, LogSpool spool, Duration retryPause) {
    this.link = link;
    this.spool = spool;
    this.backoff = new Backoff(retryPause, Duration.ofMinutes(1));
    this.thread = Thread.ofVirtual().name("log").start(this::stream);
  }

  private void stream() {
    boolean placed = false;
    try {
      while (!refused) {
        LogSpool.Part part = spool.next(PIECE);
        if (placed && part.bytes().length == 0) {
          if (closing) {
            return;
          }
          Thread.sleep(LOOK);
        } else {
          placed |= send(placed, part);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Sends a piece; the first call only asks where the server's log ends: a bootstrap may have begun
   * it.
   */
  private boolean send(boolean placed, LogSpool.Part part) throws InterruptedException {
    try {
      if (!placed) {
        spool.rebase(link.sendLog(0, new byte[0]));
      } else {
        long wanted = link.sendLog(part.offset(), part.bytes());
        if (!spool.acknowledge(wanted)) {
          spool.rebase(wanted);
        }
      }
      backoff.reset();
      return true;
    } catch (RuntimeException e) {
      // not logged: that would only make more of what cannot be sent
      refused = closing || (Fault.of(e) == Fault.REFUSED && backoff.failures() > 10);
      Thread.sleep(backoff.next());
      return false;
    }
  }

  /** Sends the rest, but waits no longer than a few seconds for that. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
