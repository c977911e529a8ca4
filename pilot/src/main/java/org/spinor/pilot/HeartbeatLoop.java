package org.spinor.pilot;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.pilot.link.Backoff;
import org.spinor.pilot.link.Fault;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.TimeLeft;

/** Tells the server that the pilot lives, and does what the answers say. */
final class HeartbeatLoop implements AutoCloseable {
  /** So many refusals in a row mean that the server has given this pilot up. */
  private static final int DENIALS = 3;

  private final ServerLink link;
  private final RunningJobs jobs;
  private final WorkLoop work;
  private final Node node;
  private final TimeLeft timeLeft;
  private final String version;
  private final Log log;
  private final CountDownLatch closed = new CountDownLatch(1);
  private int denials;
  private boolean away;

  HeartbeatLoop(
      ServerLink link,
      RunningJobs jobs,
      WorkLoop work,
      Node node,
      TimeLeft timeLeft,
      String version,
      Log log) {
    this.link = link;
    this.jobs = jobs;
    this.work = work;
    this.node = node;
    this.timeLeft = timeLeft;
    this.version = version;
    this.log = log;
  }

  /**
   * Begins.
   *
   * @param interval until the server says another
   */
  void start(Duration interval, Duration retryPause) {
    // a thread of the system: it must not queue behind the wrappers of a fat node that end at once
    Thread.ofPlatform()
        .daemon()
        .name("pilot heartbeat")
        .start(() -> beat(interval, new Backoff(retryPause, interval)));
  }

  private void beat(Duration first, Backoff backoff) {
    Duration interval = first;
    Duration pause;
    try {
      do {
        Duration told = send();
        if (told.isZero()) {
          Duration again = backoff.next();
          pause = again.compareTo(interval) < 0 ? again : interval;
        } else {
          backoff.reset();
          interval = told;
          pause = told;
        }
      } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends one; zero where it did not arrive. */
  private Duration send() {
    try {
      PilotAnswer answer = link.heartbeat(new PilotHeartbeat(jobs.attempts(), text()));
      if (away) {
        log.info("the server is back");
      }
      away = false;
      denials = 0;
      answer.lost().forEach(attempt -> jobs.lost(attempt, "the server says so"));
      answer.commands().forEach(jobs::command);
      if (answer.drain()) {
        work.drain(new Ending(true, "the server wants no more of this pilot"));
      }
      return Duration.ofSeconds(Math.max(1, answer.heartbeatSeconds()));
    } catch (RuntimeException e) {
      failed(e);
      return Duration.ZERO;
    }
  }

  private void failed(RuntimeException failure) {
    switch (Fault.of(failure)) {
      case TEMPORARY -> {
        if (!away) {
          log.warn("the server does not answer: " + failure.getMessage());
        }
        away = true;
      }
      case STALE, DENIED, REFUSED -> {
        denials++;
        log.warn("a heartbeat is refused: " + failure.getMessage());
        if (denials >= DENIALS) {
          String why = "the server has given this pilot up: " + failure.getMessage();
          work.drain(new Ending(false, why));
          jobs.allLost(why);
        }
      }
    }
  }

  private Map<String, String> text() {
    Map<String, String> text = new LinkedHashMap<>(node.asText());
    text.put("pilot_version", version);
    text.put(
        "time_left_seconds",
        timeLeft.left().map(left -> Long.toString(left.toSeconds())).orElse(""));
    return text;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
