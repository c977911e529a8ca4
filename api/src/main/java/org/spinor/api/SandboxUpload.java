package org.spinor.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where to send a sandbox: a multipart POST to the URL with the fields first and the part {@code
 * file} last; no URL: the store has it already.
 *
 * @param pfn the sandbox's name, {@code SB:SandboxSE|/S3/...}; what JDL and assignments carry
 */
public record SandboxUpload(String pfn, @Nullable String url, Map<String, String> fields) {
  public SandboxUpload {
    fields = Map.copyOf(fields);
  }
}
