package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A URL that gives the sandbox's bytes to whoever has it, for so many seconds. */
public record SandboxDownload(String url, @JsonProperty("expires_in") int expiresIn) {}
