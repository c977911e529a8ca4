package org.spinor.cli.console;

/** How a text stands out on a terminal. */
public enum Style {
  PLAIN(""),
  BOLD("1"),
  DIM("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  BLUE("34"),
  CYAN("36");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text with the escape codes around it. */
  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /** The colour of a status of a job, a pilot, a site or a task. */
  public static Style ofStatus(String status) {
    return switch (status) {
      case "Done", "Active", "closed", "ready" -> GREEN;
      case "Failed", "Aborted", "Banned", "dead", "open" -> RED;
      case "Stalled", "Completed", "Rescheduled", "half-open", "Unknown" -> YELLOW;
      case "Running", "Matched", "Completing", "running" -> CYAN;
      case "Waiting", "Submitted", "waiting" -> BLUE;
      case "Killed", "Deleted" -> DIM;
      default -> PLAIN;
    };
  }
}
