package org.spinor.pilot.payload;

/**
 * One process as {@code /proc/PID/stat} shows it.
 *
 * @param state {@code Z}: ended, not yet collected by its parent
 * @param ticks CPU time of the process itself, in clock ticks
 * @param childTicks CPU time of its children that have ended and were collected
 * @param startTicks when it began, in clock ticks since the machine's start: with the pid, its
 *     identity
 * @param virtualBytes virtual memory
 * @param residentPages resident memory in pages
 */
record ProcessInfo(
    long pid,
    long parent,
    long session,
    char state,
    long ticks,
    long childTicks,
    long startTicks,
    long virtualBytes,
    long residentPages) {

  boolean alive() {
    return state != 'Z' && state != 'X';
  }

  /**
   * @param stat the file's line; the program's name in it may contain anything
   */
  static ProcessInfo parse(String stat) {
    int close = stat.lastIndexOf(')');
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    String[] rest = stat.substring(close + 2).split(" ");
    return new ProcessInfo(
        pid,
        Long.parseLong(rest[1]),
        Long.parseLong(rest[3]),
        rest[0].charAt(0),
        Long.parseLong(rest[11]) + Long.parseLong(rest[12]),
        Long.parseLong(rest[13]) + Long.parseLong(rest[14]),
        Long.parseLong(rest[19]),
        Long.parseUnsignedLong(rest[20]),
        Long.parseLong(rest[21].strip()));
  }
}
