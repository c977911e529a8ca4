package org.spinor.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of single places of the configuration: {@code PATCH /api/config/}.
 *
 * @param reason why, 1 to 2000 characters; kept with the new version
 */
public record ConfigurationEdit(String reason, List<Setting> changes) {
  public ConfigurationEdit {
    changes = List.copyOf(changes);
  }

  /**
   * What shall stand at a place.
   *
   * @param path names from the top; sections that are missing are made
   * @param value YAML (so JSON too); null or left out: the name is taken away
   */
  public record Setting(List<String> path, @Nullable String value) {
    public Setting {
      path = List.copyOf(path);
    }
  }

  /**
   * Makes an older version the newest one again: {@code POST /api/config/rollback}.
   *
   * @param revision name of the commit, or its first digits
   * @param reason why, 1 to 2000 characters
   */
  public record Rollback(String revision, String reason) {}

  /**
   * What became of an edit.
   *
   * @param revision the newest version now
   * @param changes what the edit changed; empty: all was so already, and no version was made
   */
  public record Done(String revision, List<ConfigurationChange> changes) {
    public Done {
      changes = List.copyOf(changes);
    }
  }
}
