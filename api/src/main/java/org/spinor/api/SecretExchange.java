package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A pilot shows its secret to get a short token: {@code POST /api/auth/secret-exchange}; the answer
 * is a {@link TokenResponse} without a refresh token.
 */
public record SecretExchange(
    @JsonProperty("pilot_stamp") String pilotStamp,
    @JsonProperty("pilot_secret") String pilotSecret) {}
