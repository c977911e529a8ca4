package org.spinor.spi.validation;

/** What a validator thinks of a result. */
public sealed interface Verdict {
  /**
   * It counts: the job is done.
   *
   * @param why one sentence for the job's attempts
   * @param fingerprint as in {@link Undecided}; earlier results of the job with another one are
   *     thereby wrong, which counts against their hosts. Empty: says nothing about earlier ones
   */
  record Accepted(String why, String fingerprint) implements Verdict {}

  /**
   * It is wrong: the job runs again elsewhere, and it counts against the host.
   *
   * @param reason one sentence, as {@code result.dat is missing}
   */
  record Rejected(String reason) implements Verdict {}

  /**
   * Another host has to run the job before it can be said; nobody is blamed.
   *
   * @param reason one sentence
   * @param fingerprint kept and shown to the validator beside the next result: equal texts mean
   *     equal results. At most 1000 characters, not empty
   */
  record Undecided(String reason, String fingerprint) implements Verdict {}
}
