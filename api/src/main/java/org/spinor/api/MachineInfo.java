package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A machine as operators see it.
 *
 * @param state {@code asking, refused, running, idle, waiting, draining, drained, silent, removed}
 * @param reason of that state, in words; may be empty
 * @param name as its owner calls it
 * @param host its name in the network, as it says itself
 * @param address from which it spoke last
 * @param code by which it asks; only while it does
 * @param codeUntil when the code ends
 * @param site where it is; while it asks, where it would like to be; empty: it did not say
 * @param letInBy who approved it, or {@code secret N}
 * @param stamp of its newest pilot; null: it had none
 */
public record MachineInfo(
    long id,
    String state,
    String reason,
    String name,
    String host,
    String address,
    @Nullable String code,
    @JsonProperty("code_until") @Nullable Instant codeUntil,
    String site,
    String ce,
    String queue,
    String vo,
    @JsonProperty("let_in_by") String letInBy,
    @Nullable Instant joined,
    @JsonProperty("last_seen") Instant lastSeen,
    @Nullable String stamp) {}
