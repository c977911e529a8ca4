package org.spinor.server.validation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.spinor.spi.validation.Result;

/** What every result has to be: complete, and of a size that can be. */
record Present(long minBytes, long maxBytes) {
  /** What is wrong; empty: nothing. */
  Optional<String> problem(Result result) throws IOException {
    if (!result.missing().isEmpty()) {
      return Optional.of("missing: " + String.join(", ", result.missing()));
    }
    for (Map.Entry<String, Path> file : result.files().entrySet()) {
      long size = Files.size(file.getValue());
      if (size < minBytes || size > maxBytes) {
        return Optional.of(
            "%s has %d bytes; allowed: %d to %d"
                .formatted(file.getKey(), size, minBytes, maxBytes));
      }
    }
    return Optional.empty();
  }
}
