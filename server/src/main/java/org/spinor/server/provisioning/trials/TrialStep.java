package org.spinor.server.provisioning.trials;

/** The steps of a test of a queue, in order. */
enum TrialStep {
  CONFIGURATION("configuration", "the queue is in the configuration"),
  PLUGIN("plugin", "its plug-in is there and takes its parameters"),
  CREDENTIALS("credentials", "credentials are there"),
  REACH("reach", "the element answers"),
  QUEUE("queue", "the queue says how full it is"),
  EDGE("edge", "its pilots' way to this server is open"),
  SUBMIT("submit", "a test pilot is accepted"),
  START("start", "it starts on a node"),
  BOOTSTRAP("bootstrap", "it reaches this server and unpacks its bundle"),
  NODE("node", "its node is fit"),
  END("end", "it ends as it should"),
  OUTPUT("output", "its output comes back");

  private final String wire;
  private final String title;

  TrialStep(String wire, String title) {
    this.wire = wire;
    this.title = title;
  }

  String wire() {
    return wire;
  }

  String title() {
    return title;
  }
}
