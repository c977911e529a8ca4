package org.spinor.pilot.fake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineJoin;
import org.spinor.api.SpinorException;

/** Machines: answers what it was told to, the last answer again and again. */
public final class FakeMachines {
  private final Deque<MachineAnswer> answers = new ArrayDeque<>();
  private final List<MachineJoin> joins = new ArrayList<>();
  private final List<String> heartbeats = new ArrayList<>();
  private boolean left;
  private boolean unknown;

  public static MachineAnswer answer(MachineAnswer.State state, String reason) {
    return new MachineAnswer(
        state,
        reason,
        1,
        state == MachineAnswer.State.Asking ? "BCDFGHJK" : null,
        new MachineAnswer.MachinePlace("VAC.Test.org", "vac", "desks", "dteam"),
        null);
  }

  public static MachineAnswer run(String stamp) {
    return new MachineAnswer(
        MachineAnswer.State.Run,
        "",
        1,
        null,
        new MachineAnswer.MachinePlace("VAC.Test.org", "vac", "desks", "dteam"),
        new MachineAnswer.MachinePilot(stamp, "secret-of-" + stamp, "--idle=7s"));
  }

  /** Answers to joins and to questions for a pilot, in this order. */
  public synchronized void next(MachineAnswer... next) {
    answers.addAll(List.of(next));
  }

  /** The next question for a pilot is refused: the machine is not known. */
  public synchronized void forget() {
    unknown = true;
  }

  public synchronized List<MachineJoin> joins() {
    return List.copyOf(joins);
  }

  /** Stamps, one for each. */
  public synchronized List<String> heartbeats() {
    return List.copyOf(heartbeats);
  }

  public synchronized boolean left() {
    return left;
  }

  synchronized Answer answer(Request request) {
    switch (request.path()) {
      case "/api/machines/join" -> joins.add(request.as(MachineJoin.class));
      case "/api/machines/pilot" -> {
        if (unknown) {
          unknown = false;
          throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "no machine with this secret");
        }
      }
      case "/api/machines/heartbeat" -> {
        heartbeats.add(String.valueOf(request.as(MachineCall.class).stamp()));
        return Answer.json(answer(MachineAnswer.State.Joined, ""));
      }
      default -> {
        left = true;
        return Answer.json(answer(MachineAnswer.State.Joined, ""));
      }
    }
    MachineAnswer next = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    return Answer.json(next);
  }
}
