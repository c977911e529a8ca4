package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret that lets machines in.
 *
 * @param state {@code valid, expired, revoked}
 * @param maxMachines null: as many as the queue takes
 * @param machines that came with it and hold a place now
 * @param secret itself: shown once, in the answer to its making; null ever after
 */
public record MachineSecretInfo(
    long id,
    String state,
    String vo,
    String site,
    String ce,
    String queue,
    @JsonProperty("max_machines") @Nullable Integer maxMachines,
    int machines,
    String note,
    @JsonProperty("created_by") String createdBy,
    Instant created,
    Instant expires,
    @Nullable String secret) {}
