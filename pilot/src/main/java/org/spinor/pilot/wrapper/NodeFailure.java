package org.spinor.pilot.wrapper;

/** This node, or what it needs, fails the attempt; another may succeed. */
final class NodeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  NodeFailure(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
