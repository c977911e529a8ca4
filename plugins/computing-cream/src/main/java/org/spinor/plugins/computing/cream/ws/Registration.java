package org.spinor.plugins.computing.cream.ws;

/** What became of a job's description. */
public sealed interface Registration {
  /** CREAM has it under this number, and does not start it. */
  record Done(String id) implements Registration {}

  /**
   * CREAM has it not.
   *
   * @param fault as {@code GenericFault}
   */
  record Failed(String fault, String reason) implements Registration {
    /** The delegation is not known, or is over. */
    public boolean isOfDelegation() {
      return fault.startsWith("Delegation");
    }
  }

  /**
   * A job's description.
   *
   * @param key chosen by the caller, to tell answers apart; unique in a request
   * @param delegation whose proxy the job gets
   */
  record Description(String key, String jdl, String delegation) {}
}
