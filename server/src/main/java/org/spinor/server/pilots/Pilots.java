package org.spinor.server.pilots;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.PilotStatus;

/**
 * Pilots as their provisioning sees them. A pilot is written down before it is sent: its stamp is
 * the key with which sending it again starts no second one, whatever broke in between.
 */
public interface Pilots {
  /** A queue of a computing element. */
  record Queue(String site, String ce, String name) {}

  /**
   * The pilots of one queue and VO that have not ended.
   *
   * @param unsent written down, not accepted by the computing element yet
   * @param waiting accepted; they have not spoken
   * @param unknown the element does not know what became of them
   * @param running they speak
   * @param idle of the running ones: holding no job, open for one
   * @param coresOfOne the most cores that a pilot of this queue was seen to have; 0: none was seen
   */
  record Population(
      Queue queue,
      String vo,
      int unsent,
      int waiting,
      int unknown,
      int running,
      int idle,
      int coresOfOne) {
    /** All of them. */
    public int total() {
      return unsent + waiting + unknown + running;
    }
  }

  /** One entry for each queue and VO that has pilots. */
  List<Population> populations();

  /**
   * New pilots of one VO at one queue.
   *
   * @param type of the computing element
   */
  record Order(Queue queue, String type, String vo, int count) {}

  /**
   * Writes down new pilots with the status Submitted, not accepted yet: all of them at once,
   * however many queues they are for.
   *
   * @return their stamps, in the order of the orders
   */
  List<String> create(List<Order> orders);

  /** A pilot to be sent, or sent again. */
  record Unsent(String stamp, String vo, Instant created) {}

  /**
   * Those of a queue that its computing element has not accepted, oldest first.
   *
   * @param except VOs whose pilots are left out; likewise in what follows
   */
  List<Unsent> unsent(Queue queue, Set<String> except, int limit);

  /**
   * A fresh secret for each of these pilots, to be handed to nobody but them. Earlier ones stay
   * good.
   */
  Map<String, String> freshSecrets(Collection<String> stamps);

  /**
   * The element has accepted pilots.
   *
   * @param references by stamp
   */
  void accepted(Map<String, String> references);

  /** A pilot that the element has accepted and that did not speak lately. */
  record Silent(
      String stamp,
      String vo,
      String reference,
      PilotStatus status,
      Instant since,
      boolean everSpoke) {}

  /**
   * Pilots of a queue that have not spoken for so long, and were not asked about lately; the call
   * itself counts as asking.
   */
  List<Silent> silent(Queue queue, Set<String> except, Duration silence, int limit);

  /** Sites of several machines of which nobody is heard, and when the last word came from there. */
  Map<String, Instant> silentSites();

  /** What the element said of a pilot that is not final. */
  void reported(String stamp, PilotStatus status, String reason);

  /**
   * Pilots ended; attempts that they still held are released. Those that ended before, or that
   * spoke within the last moments in spite of what the element says, are left alone.
   */
  void ended(Collection<String> stamps, PilotStatus status, String reason);

  /**
   * Pilots that nobody believes in any more end as Aborted, and their element ends them, should it
   * know them again.
   */
  void givenUp(Collection<String> stamps, String reason);

  /**
   * Keeps what the computing element has of the output of a pilot that ended, the first time that
   * it is called for the pilot.
   */
  void keepOutput(String stamp, String text);

  /**
   * How long the latest pilots of a queue waited for their slot.
   *
   * @param starts of them, those that spoke
   * @param waited all their waiting together, that of those which still wait as far as it goes
   * @param longest of those that still wait; zero: none does
   * @param lastSent when the newest was written down
   */
  record Waits(int starts, Duration waited, Duration longest, Instant lastSent) {}

  /**
   * The waits of these queues; those without pilots in the window are missing.
   *
   * @param window only pilots that were written down since
   * @param most of each queue only so many, the newest
   */
  Map<Queue, Waits> waits(Collection<Queue> queues, Duration window, int most);

  /**
   * Takes back pilots that have not spoken, unsent ones first, then the youngest.
   *
   * @return how many
   */
  int withdraw(Queue queue, String vo, int count, String reason);

  /** A pilot that the element knows. */
  record Placed(String stamp, String vo, String reference) {}

  /** Pilots whose end at the computing element was ordered and is not confirmed. */
  List<Placed> toCancel(Queue queue, Set<String> except, int limit);

  /** Their end is ordered at the element. */
  void cancelled(Collection<String> stamps);

  /** Pilots that ended so long ago and whose traces are still at the element. */
  List<Placed> toPurge(Queue queue, Set<String> except, Duration age, int limit);

  /** The element keeps nothing of them any more. */
  void purged(Collection<String> stamps);

  /** Queues with pilots that have not ended, or are to be cancelled, whether configured or not. */
  List<Queue> queuesInUse();
}
