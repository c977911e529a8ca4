package org.spinor.server.configuration;

/**
 * Gives the configuration in force. A broken new version is never given: the last good one stays,
 * with the reason in the log.
 */
public interface Configurations {
  Configuration current();

  /** Calls the action after each change, on a thread of the configuration's; not at the start. */
  void onChange(Runnable action);
}
