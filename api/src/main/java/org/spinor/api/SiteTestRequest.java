package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What is to be tested of a site.
 *
 * @param queue {@code QUEUE} or {@code CE/QUEUE}; null: all queues of the site
 * @param vo whose pilot is sent; null: the caller's VO where the queue is open to it, else the
 *     first that may use it
 * @param pilot whether a pilot is sent; null: yes
 * @param timeoutSeconds the pilot has so long to start, speak and end, 10 to 86400; null: 900
 */
public record SiteTestRequest(
    @Nullable String queue,
    @Nullable String vo,
    @Nullable Boolean pilot,
    @JsonProperty("timeout_seconds") @Nullable Integer timeoutSeconds) {}
