package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A secret that lets machines in is wanted: {@code POST /api/machines/secrets}.
 *
 * @param vo whose pilots they run; null: the only one that may use the queue
 * @param queue {@code QUEUE} or {@code CE/QUEUE}; null: the only one there
 * @param expiresSeconds nobody joins with it after so long, 60 to 157,680,000 (5 years); null: 30
 *     days
 * @param maxMachines so many with it at the same time, at most; null: as many as the queue takes
 * @param note for people, at most 255 characters
 */
public record MachineSecretRequest(
    @Nullable String vo,
    String site,
    @Nullable String queue,
    @JsonProperty("expires_seconds") @Nullable Long expiresSeconds,
    @JsonProperty("max_machines") @Nullable Integer maxMachines,
    @Nullable String note) {}
