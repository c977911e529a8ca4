package org.spinor.jdl;

/** Leads the parser from a problem, already reported, to where the reading goes on. */
final class SyntaxError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SyntaxError() {
    super("already reported", null, false, false);
  }
}
