package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A machine wants to run pilots: {@code POST /api/machines/join}. May be said again: the secret
 * says which machine it is.
 *
 * @param secret that the machine made up and keeps, 32 to 200 characters
 * @param name as people call it, at most 128 characters
 * @param host its name in the network, as the operator shall see it
 * @param site where its owner would like to see it; null: the operator decides
 * @param voSecret of the VO that lets it in at once; null: an operator is asked
 */
public record MachineJoin(
    String secret,
    String name,
    @Nullable String host,
    @Nullable String site,
    @JsonProperty("vo_secret") @Nullable String voSecret) {}
