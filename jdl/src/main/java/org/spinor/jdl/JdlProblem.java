package org.spinor.jdl;

/**
 * One thing that is wrong in a text.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param sourceLine the line itself; where it is very long, the piece around the place, with "..."
 *     for what is left out. Tabs and control characters are blanks, so that it can be printed
 * @param caret where in {@code sourceLine} the problem is, from 0
 * @param expected what could stand there, such as {@code ';'}; empty where nothing would help
 * @param message the problem in one sentence without its place
 */
public record JdlProblem(
    int line, int column, String sourceLine, int caret, String expected, String message) {

  /** The problem for a terminal: place and message, then the line with a caret under the place. */
  public String render() {
    String place = "line " + line + ", column " + column + ": " + message;
    return String.join("\n", place, "    " + sourceLine, "    " + " ".repeat(caret) + "^");
  }
}
