package org.spinor.spi.computing;

/**
 * What is left of a pilot's output; bytes that are no UTF-8 are replaced.
 *
 * @param log what the batch system wrote about the pilot, where it writes something
 * @param truncated whether a text had more than was asked for; then its beginning is missing
 */
public record PilotOutput(
    String standardOutput, String standardError, String log, boolean truncated) {}
