package org.spinor.jdl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import org.spinor.jdl.RegexParser.Node;

/**
 * Regular expressions in time linear in the text: all ways through the pattern are followed side by
 * side, none is ever tried again. The JDK's engine backtracks, and a user's pattern could keep it
 * busy for years.
 *
 * <p>Literals, {@code .}, classes, {@code \d \w \s \b}, groups, alternatives, {@code * + ? {m,n}}
 * and anchors; what would need backtracking (back-references, look-around) is refused.
 */
final class Regex {

  /** The largest program: a pattern with counted repetitions grows by their product. */
  private static final int MAX_INSTRUCTIONS = 10_000;

  private final Instruction[] program;

  private Regex(Instruction[] program) {
    this.program = program;
  }

  /** Why a pattern is refused. */
  static final class PatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PatternException(String message) {
      super(message, null, false, false);
    }
  }

  private sealed interface Instruction {
    /** Consumes one character. */
    record One(IntPredicate allowed) implements Instruction {}

    /** Goes on only at a place of this kind. */
    record At(RegexParser.Place place) implements Instruction {}

    /** Goes on at both. */
    record Fork(int first, int second) implements Instruction {}

    record Found() implements Instruction {}
  }

  /**
   * @param options {@code i} any letter case, {@code s} the dot takes line breaks, {@code m}
   *     anchors at each line
   * @param charge is told the steps that it takes
   */
  static Regex compile(String pattern, String options, LongConsumer charge) {
    Node node = new RegexParser(pattern, options).parse();
    Compiler compiler = new Compiler();
    compiler.emit(node);
    compiler.program.add(new Instruction.Found());
    charge.accept(compiler.visits / 16);
    return new Regex(compiler.program.toArray(Instruction[]::new));
  }

  /** Whether the pattern is found anywhere in the text. */
  boolean find(String text, LongConsumer charge) {
    Threads now = new Threads(program.length);
    Threads next = new Threads(program.length);
    int position = 0;
    while (true) {
      boolean found = follow(now, 0, text, position);
      for (int i = 0; !found && i < now.reached; i++) {
        found = program[now.states[i]] instanceof Instruction.Found;
      }
      charge.accept(1 + now.reached);
      if (found || position >= text.length()) {
        return found;
      }
      int codePoint = text.codePointAt(position);
      position += Character.charCount(codePoint);
      next.clear();
      for (int i = 0; i < now.reached; i++) {
        int state = now.states[i];
        if (program[state] instanceof Instruction.One(IntPredicate allowed)
            && allowed.test(codePoint)) {
          follow(next, state + 1, text, position);
        }
      }
      Threads swap = now;
      now = next;
      next = swap;
    }
  }

  /** Adds a state and all that it leads to without a character. */
  private boolean follow(Threads threads, int start, String text, int position) {
    threads.push(start);
    while (threads.pending > 0) {
      int state = threads.pop();
      switch (program[state]) {
        case Instruction.Found _ -> {
          return true;
        }
        case Instruction.One _ -> {}
        case Instruction.At(RegexParser.Place place) -> {
          if (place.matches(text, position)) {
            threads.push(state + 1);
          }
        }
        case Instruction.Fork(int first, int second) -> {
          threads.push(second);
          threads.push(first);
        }
      }
    }
    return false;
  }

  /** The states reached at one place of the text, each once. */
  private static final class Threads {
    final int[] states;
    final int[] stack;
    final int[] seen;
    int generation = 1;
    int reached;
    int pending;

    Threads(int size) {
      states = new int[size];
      stack = new int[size];
      seen = new int[size];
    }

    void push(int state) {
      if (seen[state] != generation) {
        seen[state] = generation;
        stack[pending++] = state;
        states[reached++] = state;
      }
    }

    int pop() {
      return stack[--pending];
    }

    void clear() {
      generation++;
      reached = 0;
      pending = 0;
    }
  }

  private static final class Compiler {
    final List<Instruction> program = new ArrayList<>();
    int visits;

    void emit(Node node) {
      if (++visits > MAX_INSTRUCTIONS) {
        throw new PatternException("the pattern is too large");
      }
      switch (node) {
        case Node.One(IntPredicate allowed) -> program.add(new Instruction.One(allowed));
        case Node.At(RegexParser.Place place) -> program.add(new Instruction.At(place));
        case Node.Sequence(List<Node> parts) -> parts.forEach(this::emit);
        case Node.Choice(List<Node> alternatives) -> choice(alternatives);
        case Node.Repeat(Node body, int least, int most) -> {
          for (int i = 0; i < least; i++) {
            emit(body);
          }
          if (most < 0) {
            loop(body);
          }
          for (int i = least; i < most; i++) {
            emitOptional(body);
          }
        }
      }
    }

    private void choice(List<Node> alternatives) {
      List<Integer> ends = new ArrayList<>();
      for (Node alternative : alternatives.subList(0, alternatives.size() - 1)) {
        int fork = reserve();
        emit(alternative);
        ends.add(reserve());
        program.set(fork, new Instruction.Fork(fork + 1, program.size()));
      }
      emit(alternatives.getLast());
      for (int end : ends) {
        jump(end, program.size());
      }
    }

    private void loop(Node body) {
      int fork = reserve();
      emit(body);
      int back = reserve();
      jump(back, fork);
      program.set(fork, new Instruction.Fork(fork + 1, program.size()));
    }

    private void emitOptional(Node body) {
      int fork = reserve();
      emit(body);
      program.set(fork, new Instruction.Fork(fork + 1, program.size()));
    }

    private void jump(int from, int to) {
      program.set(from, new Instruction.Fork(to, to));
    }

    private int reserve() {
      visits++;
      program.add(new Instruction.Found());
      return program.size() - 1;
    }
  }
}
