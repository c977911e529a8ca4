package org.spinor.spi.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.spinor.spi.Fault;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.CancelResult;
import org.spinor.spi.computing.Capability;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/**
 * Replays what sites really do: late answers, lost answers, duplicates, lies, partial failures. In
 * front of an {@link InMemoryBackEnd}, which keeps the truth.
 */
public final class FakeComputingElement implements ComputingElement {
  /** The calls that can be made to misbehave. */
  public enum Call {
    SUBMIT,
    STATUS,
    OUTPUT,
    CANCEL,
    QUEUE_INFO
  }

  private final InMemoryComputingElement honest;
  private final Map<Call, Deque<Misbehaviour>> next = new EnumMap<>(Call.class);
  private final Map<Call, Misbehaviour> always = new EnumMap<>(Call.class);
  private final Map<Call, Integer> calls = new EnumMap<>(Call.class);

  public FakeComputingElement(InMemoryBackEnd backEnd) {
    this.honest = backEnd.element();
  }

  /** The next calls misbehave like this, one after the other. */
  public synchronized FakeComputingElement next(Call call, Misbehaviour... misbehaviours) {
    Deque<Misbehaviour> queue = next.computeIfAbsent(call, c -> new ArrayDeque<>());
    queue.addAll(List.of(misbehaviours));
    return this;
  }

  /** All calls misbehave like this until {@link #behave}, except where {@link #next} is stated. */
  public synchronized FakeComputingElement always(Call call, Misbehaviour misbehaviour) {
    always.put(call, misbehaviour);
    return this;
  }

  /** From now on everything works. */
  public synchronized void behave() {
    next.clear();
    always.clear();
  }

  /** How often it was called. */
  public synchronized int calls(Call call) {
    return calls.getOrDefault(call, 0);
  }

  private synchronized Optional<Misbehaviour> begin(Call call) {
    calls.merge(call, 1, Integer::sum);
    Deque<Misbehaviour> queue = next.get(call);
    if (queue != null && !queue.isEmpty()) {
      return Optional.of(queue.removeFirst());
    }
    return Optional.ofNullable(always.get(call));
  }

  /** Runs a call with what befalls the whole of it. */
  private static <T> T with(Optional<Misbehaviour> misbehaviour, Supplier<T> call) {
    switch (misbehaviour.orElse(null)) {
      case null -> {
        return call.get();
      }
      case Misbehaviour.Slow slow -> {
        pause(slow);
        return call.get();
      }
      case Misbehaviour.Hangs hangs -> throw interrupted();
      case Misbehaviour.Fails fails -> throw fails.failure();
      case Misbehaviour.LosesAnswer loses -> throw afterwards(call, loses.failure());
      case Misbehaviour.DeliversTwice twice -> {
        T first = call.get();
        T second = call.get();
        return second == null ? first : second;
      }
      case Misbehaviour.RefusesEvery _,
          Misbehaviour.SameReferenceForAll _,
          Misbehaviour.Lies _,
          Misbehaviour.LeavesOut _,
          Misbehaviour.TimesOutAbove _ -> {
        return call.get();
      }
    }
  }

  private static PluginException afterwards(Supplier<?> call, PluginException failure) {
    Object lost = call.get();
    return lost == null ? new TemporaryException("no answer") : failure;
  }

  private static void pause(Misbehaviour.Slow slow) {
    try {
      Thread.sleep(slow.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
  }

  private static TemporaryException tooMany(int asked, Collection<?> done) {
    return new TemporaryException(
        "no answer in time for " + asked + " pilots, " + done.size() + " were done");
  }

  private static PluginException interrupted() {
    try {
      new CountDownLatch(1).await();
      return new TemporaryException("nobody counts it down");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new TemporaryException("interrupted", e);
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return honest.capabilities();
  }

  @Override
  public List<String> validate(PilotSubmission submission) {
    return honest.validate(submission);
  }

  @Override
  public List<SubmitResult> submit(List<PilotSubmission> submissions) {
    Optional<Misbehaviour> misbehaviour = begin(Call.SUBMIT);
    return with(misbehaviour, () -> submit(submissions, misbehaviour));
  }

  private List<SubmitResult> submit(
      List<PilotSubmission> submissions, Optional<Misbehaviour> misbehaviour) {
    if (misbehaviour.orElse(null) instanceof Misbehaviour.RefusesEvery partial) {
      List<SubmitResult> results = new ArrayList<>();
      for (int i = 0; i < submissions.size(); i++) {
        PilotSubmission submission = submissions.get(i);
        results.add(
            (i + 1) % partial.nth() == 0
                ? new SubmitResult.Refused(submission.stamp(), partial.fault(), partial.reason())
                : honest.submit(List.of(submission)).getFirst());
      }
      return results;
    }
    if (misbehaviour.orElse(null) instanceof Misbehaviour.TimesOutAbove(int most)
        && submissions.size() > most) {
      throw tooMany(submissions.size(), honest.submit(submissions.subList(0, most)));
    }
    List<SubmitResult> results = honest.submit(submissions);
    return switch (misbehaviour.orElse(null)) {
      case Misbehaviour.LeavesOut leaves -> List.of();
      case Misbehaviour.SameReferenceForAll same -> sameReference(results);
      case null, default -> results;
    };
  }

  private static List<SubmitResult> sameReference(List<SubmitResult> results) {
    return results.stream()
        .filter(SubmitResult.Accepted.class::isInstance)
        .map(SubmitResult.Accepted.class::cast)
        .findFirst()
        .map(
            first ->
                results.stream()
                    .<SubmitResult>map(
                        result -> new SubmitResult.Accepted(result.stamp(), first.reference()))
                    .toList())
        .orElse(results);
  }

  @Override
  public Map<PilotReference, PilotReport> status(Collection<PilotReference> references) {
    Optional<Misbehaviour> misbehaviour = begin(Call.STATUS);
    return with(
        misbehaviour,
        () ->
            switch (misbehaviour.orElse(null)) {
              case Misbehaviour.LeavesOut leaves -> Map.of();
              case Misbehaviour.Lies lies -> lies(references, lies);
              case Misbehaviour.TimesOutAbove(int most) when references.size() > most ->
                  throw tooMany(references.size(), List.of());
              case null, default -> honest.status(references);
            });
  }

  private static Map<PilotReference, PilotReport> lies(
      Collection<PilotReference> references, Misbehaviour.Lies lies) {
    Map<PilotReference, PilotReport> reports = new LinkedHashMap<>();
    references.forEach(
        reference -> reports.put(reference, PilotReport.of(lies.state(), "so it is said")));
    return reports;
  }

  @Override
  public PilotOutput output(PilotReference reference, int maxBytes) {
    return with(begin(Call.OUTPUT), () -> honest.output(reference, maxBytes));
  }

  @Override
  public Map<PilotReference, CancelResult> cancel(Collection<PilotReference> references) {
    Optional<Misbehaviour> misbehaviour = begin(Call.CANCEL);
    return with(
        misbehaviour,
        () ->
            switch (misbehaviour.orElse(null)) {
              case Misbehaviour.LeavesOut leaves -> Map.of();
              case Misbehaviour.RefusesEvery partial -> cancel(references, partial);
              case Misbehaviour.TimesOutAbove(int most) when references.size() > most ->
                  throw tooMany(
                      references.size(),
                      honest.cancel(references.stream().limit(most).toList()).keySet());
              case null, default -> honest.cancel(references);
            });
  }

  private Map<PilotReference, CancelResult> cancel(
      Collection<PilotReference> references, Misbehaviour.RefusesEvery partial) {
    Map<PilotReference, CancelResult> results = new LinkedHashMap<>();
    for (PilotReference reference : references) {
      if ((results.size() + 1) % partial.nth() == 0) {
        results.put(reference, new CancelResult.Failed(partial.fault(), partial.reason()));
      } else {
        results.putAll(honest.cancel(List.of(reference)));
      }
    }
    return results;
  }

  @Override
  public void purge(Collection<PilotReference> references) {
    honest.purge(references);
  }

  @Override
  public QueueInfo queueInfo() {
    return with(begin(Call.QUEUE_INFO), honest::queueInfo);
  }

  @Override
  public void close() {
    honest.close();
  }

  /** A refusal that could be temporary, for tests that need any failure. */
  public static Misbehaviour unreachable() {
    return new Misbehaviour.Fails(new TemporaryException("connection refused"));
  }

  /** Every submission is refused as the element's fault. */
  public static Misbehaviour broken(String reason) {
    return new Misbehaviour.RefusesEvery(1, Fault.PLATFORM, reason);
  }
}
