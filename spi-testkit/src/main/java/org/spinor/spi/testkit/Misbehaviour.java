package org.spinor.spi.testkit;

import java.time.Duration;
import org.spinor.spi.Fault;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.PilotState;

/** What can go wrong in a call to a {@link FakeComputingElement}. */
public sealed interface Misbehaviour {
  /** Answers late. */
  record Slow(Duration delay) implements Misbehaviour {}

  /** Answers only when the calling thread is interrupted. */
  record Hangs() implements Misbehaviour {}

  /** Fails without having done anything. */
  record Fails(PluginException failure) implements Misbehaviour {}

  /** Does everything, and the answer is lost. */
  record LosesAnswer(PluginException failure) implements Misbehaviour {}

  /**
   * Runs out of time in calls with many items: the first ones are done, nobody hears of it.
   *
   * @param most so many items can be done
   */
  record TimesOutAbove(int most) implements Misbehaviour {}

  /** The request arrives twice at the back-end. */
  record DeliversTwice() implements Misbehaviour {}

  /** Every n-th item of a submission or cancellation is refused, the others are done. */
  record RefusesEvery(int nth, Fault fault, String reason) implements Misbehaviour {}

  /**
   * All accepted pilots of a call are answered with the reference of the first: a broken answer.
   */
  record SameReferenceForAll() implements Misbehaviour {}

  /** Says this state of every pilot. */
  record Lies(PilotState state) implements Misbehaviour {}

  /** Leaves every item out of the answer: a plug-in that breaks the contract. */
  record LeavesOut() implements Misbehaviour {}
}
