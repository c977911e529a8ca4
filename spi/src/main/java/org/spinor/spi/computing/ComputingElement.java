package org.spinor.spi.computing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/**
 * One queue of a computing element: takes pilots, tells how they fare, gives their output back,
 * ends them.
 *
 * <p><b>Threads.</b> All methods may be called at the same time from several threads, which may be
 * virtual. They block; they end early, with {@link TemporaryException}, when their thread is
 * interrupted.
 *
 * <p><b>Time.</b> A call keeps to {@link ComputingElementContext#timeLimit()}, whatever the number
 * of its items: use the bulk operations of the back-end. A call that runs out of time gives what it
 * knows ({@code UNKNOWN}, or refused with {@code TEMPORARY}) for the items it did not reach.
 *
 * <p><b>Idempotency.</b> Every call may be repeated, also after it succeeded, also by another
 * server, also after a restart of the server: the second time changes nothing more.
 *
 * <p><b>Failures.</b> Where a call as a whole fails, it throws {@link TemporaryException} (called
 * again later), {@link MisconfiguredException} (an operator has to act) or {@link RefusedException}
 * (the back-end says no). Where single items fail, the answer says so for these and the others are
 * done. Any other exception is a defect of the plug-in and treated as temporary.
 */
public interface ComputingElement extends AutoCloseable {

  /** What this element can do. Never changes during the element's life. */
  Set<Capability> capabilities();

  /**
   * Why this pilot can never run here, one line each; empty: it can. Touches nothing and nobody, so
   * that a submission that cannot work is refused before anything is sent.
   */
  List<String> validate(PilotSubmission submission);

  /**
   * Sends pilots. The stamp is the key: a stamp that was accepted before starts no second pilot and
   * is answered with the reference of the first one, even where that pilot has ended (until it is
   * purged).
   *
   * @return one result for each submission, in their order
   */
  List<SubmitResult> submit(List<PilotSubmission> submissions);

  /**
   * How pilots fare. A reference that the back-end does not know, or does not answer for now, is in
   * the answer as {@link PilotState#UNKNOWN}.
   *
   * @return a report for every reference asked
   */
  Map<PilotReference, PilotReport> status(Collection<PilotReference> references);

  /**
   * What the batch system kept of a pilot's output. Where there is less than asked (not yet, no
   * longer), it is empty text.
   *
   * @param maxBytes of each text at most so much, its end; 1 or more
   * @throws RefusedException without the capability {@link Capability#OUTPUT}
   */
  PilotOutput output(PilotReference reference, int maxBytes);

  /**
   * Ends pilots with all their processes. Returns when the back-end has taken the order; the pilot
   * ends soon after (see {@link #status}). A pilot that has ended, or is unknown, counts as
   * cancelled.
   *
   * @return a result for every reference asked
   * @throws RefusedException without the capability {@link Capability#CANCEL}
   */
  Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references);

  /**
   * The server has what it wanted of these ended pilots: whatever the back-end keeps for them may
   * go. Pilots that still run are left alone.
   */
  void purge(Collection<PilotReference> references);

  /**
   * How full the queue is.
   *
   * @throws RefusedException without the capability {@link Capability#QUEUE_INFO}
   */
  QueueInfo queueInfo();

  /** Lets go of connections and threads. Pilots go on. */
  @Override
  void close();
}
