package org.spinor.cli.demo;

import java.nio.file.Path;

/**
 * One of the descriptions that the demo submits: the name of its folder under {@code examples/}, of
 * the description in it and of its jobs; what it shows; what becomes of its jobs if all goes well.
 */
enum Example {
  HELLO("hello", "one command", Expectation.DONE),
  RUNSTUFF("runstuff", "script, files, 1 to 4 cores", Expectation.DONE),
  FAILING("failing", "fails on purpose", Expectation.FAILED),
  IMPOSSIBLE("impossible", "asks for what no site has", Expectation.WAITING),
  SHOWER("shower", "air shower Monte Carlo", Expectation.DONE);

  /** What becomes of the jobs. */
  enum Expectation {
    DONE,
    FAILED,
    WAITING
  }

  private final String title;
  private final String text;
  private final Expectation expectation;

  Example(String title, String text, Expectation expectation) {
    this.title = title;
    this.text = text;
    this.expectation = expectation;
  }

  String title() {
    return title;
  }

  String text() {
    return text;
  }

  Expectation expectation() {
    return expectation;
  }

  Path description(Path examples) {
    return examples.resolve(title).resolve(title + ".jdl");
  }
}
