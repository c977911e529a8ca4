package org.spinor.server.sandboxes;

/**
 * Bytes by what they are.
 *
 * @param checksum SHA-256, 64 hexadecimal digits
 * @param format {@code tar.bz2} or {@code tar.zst}
 */
record Blob(String checksum, String format, long size) {}
