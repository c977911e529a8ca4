package org.spinor.api;

import org.jspecify.annotations.Nullable;

/**
 * A machine that has asked to join speaks.
 *
 * @param secret that it made up
 * @param stamp of the pilot that runs on it; null: none does
 */
public record MachineCall(String secret, @Nullable String stamp) {}
