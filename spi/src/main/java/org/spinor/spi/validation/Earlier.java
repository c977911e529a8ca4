package org.spinor.spi.validation;

/**
 * An earlier result of the same job that was not decided.
 *
 * @param attempt number of the attempt that made it
 * @param host where, as the pilot there said; empty: not known. Never the host of the result that
 *     is judged, where both are known
 * @param fingerprint as the validator gave it
 */
public record Earlier(int attempt, String host, String fingerprint) {}
