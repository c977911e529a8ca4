package org.spinor.spi.computing;

/**
 * What an element can do besides taking pilots and telling their state. Without a capability, the
 * call or the submission that needs it is refused, never ignored.
 */
public enum Capability {
  /** {@link ComputingElement#output} once the pilot has ended. */
  OUTPUT,
  /** {@link ComputingElement#output} while the pilot runs. */
  LIVE_OUTPUT,
  /** {@link ComputingElement#cancel}. */
  CANCEL,
  /** {@link ComputingElement#queueInfo}. */
  QUEUE_INFO,
  /** Reports carry the exit code of ended pilots. */
  EXIT_CODE,
  /** Pilots with more than one core. */
  MULTI_CORE,
  /** Pilots that get a whole node, whatever it has. */
  WHOLE_NODE,
  /** Pilots that span several nodes. */
  MULTI_NODE,
  /** Pilots with GPUs. */
  GPU
}
