package org.spinor.pilot.wrapper;

import java.util.Map;
import java.util.Set;

/**
 * What a payload's exit code means.
 *
 * @param value as its shell tells it, 128 + n where signal n ended it
 */
record ExitCode(int value) {
  /** DIRAC's code 1502 as a process can say it: the payload wants to run elsewhere. */
  private static final int RESCHEDULE = 1502 & 0xFF;

  static final int KILLED = 128 + 9;
  private static final int SIGNAL = 128;
  private static final int LAST_SIGNAL = 64;

  /** SIGINT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM, SIGXCPU. */
  private static final Set<Integer> SLOT_ENDS = Set.of(2, 9, 10, 12, 15, 24);

  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  boolean success() {
    return value == 0;
  }

  /** Whether it ended by a signal with which batch systems end slots. */
  boolean mayBeTheSlotsEnd() {
    return SLOT_ENDS.contains(value - SIGNAL);
  }

  boolean wantsReschedule() {
    return value == RESCHEDULE;
  }

  /** {@code exit code 3} or {@code signal 9 (SIGKILL)}. */
  @Override
  public String toString() {
    int signal = value - SIGNAL;
    if (signal < 1 || signal > LAST_SIGNAL) {
      return "exit code " + value;
    }
    String name = SIGNALS.get(signal);
    return "signal " + signal + (name == null ? "" : " (" + name + ")");
  }
}
