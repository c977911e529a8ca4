package org.spinor.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A sandbox about to be uploaded: {@code POST /api/jobs/sandbox}.
 *
 * @param checksumAlgorithm {@code sha256}
 * @param checksum 64 hexadecimal digits
 * @param size bytes, at least 1, at most 104857600
 * @param format {@code tar.bz2} or {@code tar.zst}
 */
public record SandboxInfo(
    @JsonProperty("checksum_algorithm") String checksumAlgorithm,
    String checksum,
    long size,
    String format) {}
