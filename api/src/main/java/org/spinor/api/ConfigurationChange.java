package org.spinor.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place of the configuration that differs between two versions, as written; defaults are not
 * filled in. Values of keys that look like secrets are {@code ***}.
 *
 * @param path names from the top
 * @param before what stood there, as JSON has it; null: nothing
 * @param after what stands there now; null: nothing
 */
public record ConfigurationChange(
    List<String> path, @Nullable Object before, @Nullable Object after) {
  public ConfigurationChange {
    path = List.copyOf(path);
  }

  /** The differences between two versions. */
  public record Diff(String from, String to, List<ConfigurationChange> changes) {
    public Diff {
      changes = List.copyOf(changes);
    }
  }
}
