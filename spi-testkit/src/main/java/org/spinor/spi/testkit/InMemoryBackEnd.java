package org.spinor.spi.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;

/**
 * A batch system without a machine: pilots are rows, started in order while there are free slots.
 * What they do is decided by a function; by default they run until somebody ends them. It outlives
 * the elements in front of it, as a real one does.
 */
public final class InMemoryBackEnd {

  private static final class Pilot {
    final PilotSubmission submission;
    final Behaviour behaviour;
    PilotState state = PilotState.WAITING;
    OptionalInt exitCode = OptionalInt.empty();
    String reason = "";

    Pilot(PilotSubmission submission, Behaviour behaviour) {
      this.submission = submission;
      this.behaviour = behaviour;
    }
  }

  private final Map<PilotReference, Pilot> pilots = new LinkedHashMap<>();
  private final Map<String, PilotReference> byStamp = new LinkedHashMap<>();
  private final Map<String, Integer> starts = new LinkedHashMap<>();
  private final Function<PilotSubmission, Behaviour> behaviour;
  private int slots = Integer.MAX_VALUE;
  private int queueLimit = Integer.MAX_VALUE;
  private boolean forgetsStamps;
  private int last;

  public InMemoryBackEnd() {
    this(submission -> Behaviour.RUNS_LONG);
  }

  public InMemoryBackEnd(Function<PilotSubmission, Behaviour> behaviour) {
    this.behaviour = behaviour;
  }

  /** At most so many run at the same time. */
  public synchronized InMemoryBackEnd slots(int slots) {
    this.slots = slots;
    return this;
  }

  /** Refuses what would make more than so many that have not ended. */
  public synchronized InMemoryBackEnd queueLimit(int queueLimit) {
    this.queueLimit = queueLimit;
    return this;
  }

  /** From now on a stamp sent twice starts two pilots, as a careless batch system would. */
  public synchronized InMemoryBackEnd forgetsStamps() {
    this.forgetsStamps = true;
    return this;
  }

  /** An element in front of this back-end. */
  public InMemoryComputingElement element() {
    return new InMemoryComputingElement(this);
  }

  /** How many pilots were ever accepted. */
  public synchronized int accepted() {
    return last;
  }

  /** How often a pilot with this stamp was started. */
  public synchronized int startsOf(String stamp) {
    work();
    return starts.getOrDefault(stamp, 0);
  }

  /** The submissions of all pilots that have not ended, in their order. */
  public synchronized List<PilotSubmission> living() {
    work();
    return pilots.values().stream()
        .filter(pilot -> !pilot.state.isFinal())
        .map(pilot -> pilot.submission)
        .toList();
  }

  /** Ends a pilot as if it had ended by itself. */
  public synchronized void finish(String stamp, int exitCode) {
    for (Pilot pilot : pilots.values()) {
      if (pilot.submission.stamp().equals(stamp) && !pilot.state.isFinal()) {
        end(pilot, exitCode == 0 ? PilotState.DONE : PilotState.FAILED, OptionalInt.of(exitCode));
      }
    }
  }

  /** Forgets a pilot without a trace. */
  public synchronized void lose(String stamp) {
    pilots.values().removeIf(pilot -> pilot.submission.stamp().equals(stamp));
    byStamp.remove(stamp);
  }

  /** Keeps a waiting pilot from running. */
  public synchronized void hold(String stamp) {
    for (Pilot pilot : pilots.values()) {
      if (pilot.submission.stamp().equals(stamp) && pilot.state == PilotState.WAITING) {
        pilot.state = PilotState.HELD;
        pilot.reason = "held by the administrator";
      }
    }
  }

  /** The reference, or empty where the queue is full. */
  synchronized Optional<PilotReference> accept(PilotSubmission submission) {
    PilotReference known = byStamp.get(submission.stamp());
    if (known != null && !forgetsStamps) {
      return Optional.of(known);
    }
    if (living().size() >= queueLimit) {
      return Optional.empty();
    }
    PilotReference reference = new PilotReference("memory-" + ++last);
    pilots.put(reference, new Pilot(submission, behaviour.apply(submission)));
    byStamp.put(submission.stamp(), reference);
    work();
    return Optional.of(reference);
  }

  synchronized Map<PilotReference, PilotReport> reports(Collection<PilotReference> asked) {
    work();
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    for (PilotReference reference : asked) {
      Pilot pilot = pilots.get(reference);
      reports.put(
          reference,
          pilot == null
              ? PilotReport.of(PilotState.UNKNOWN, "no such pilot")
              : new PilotReport(pilot.state, pilot.reason, pilot.exitCode, Optional.of("memory")));
    }
    return reports;
  }

  synchronized Optional<PilotSubmission> submission(PilotReference reference) {
    return Optional.ofNullable(pilots.get(reference)).map(pilot -> pilot.submission);
  }

  synchronized void cancel(PilotReference reference) {
    Pilot pilot = pilots.get(reference);
    if (pilot != null && !pilot.state.isFinal()) {
      pilot.reason = "cancelled";
      end(pilot, PilotState.ABORTED, OptionalInt.of(143));
    }
  }

  synchronized void purge(Collection<PilotReference> references) {
    for (PilotReference reference : references) {
      Pilot pilot = pilots.get(reference);
      if (pilot != null && pilot.state.isFinal()) {
        pilots.remove(reference);
        byStamp.remove(pilot.submission.stamp());
      }
    }
  }

  synchronized int count(PilotState state) {
    work();
    return (int) pilots.values().stream().filter(pilot -> pilot.state == state).count();
  }

  synchronized int freeSlots() {
    return slots == Integer.MAX_VALUE ? slots : slots - count(PilotState.RUNNING);
  }

  /** Starts what has a slot, and lets end by themselves those that do. */
  private void work() {
    List<Pilot> running = new ArrayList<>();
    for (Pilot pilot : pilots.values()) {
      if (pilot.state == PilotState.RUNNING) {
        running.add(pilot);
      }
    }
    int free = slots - running.size();
    for (Pilot pilot : pilots.values()) {
      if (pilot.state == PilotState.WAITING && free > 0) {
        pilot.state = PilotState.RUNNING;
        starts.merge(pilot.submission.stamp(), 1, Integer::sum);
        free--;
      } else if (running.contains(pilot)) {
        switch (pilot.behaviour) {
          case ENDS_WELL, LOOKS_AROUND -> end(pilot, PilotState.DONE, OptionalInt.of(0));
          case ENDS_BADLY -> end(pilot, PilotState.FAILED, OptionalInt.of(3));
          case RUNS_LONG -> {}
        }
      }
    }
  }

  private static void end(Pilot pilot, PilotState state, OptionalInt exitCode) {
    pilot.state = state;
    pilot.exitCode = exitCode;
  }
}
