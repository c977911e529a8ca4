package org.spinor.server.configuration.cfg;

import java.util.Optional;

/** What the schema of this server says of a place. */
public interface KnownNames {
  /** What may stand in a place. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    LIST,
    SECTION,
    /** Anything, kept as it is. */
    FREE,
    /** Nothing. */
    NONE
  }

  /**
   * @param path names from the top with slashes between; {@code *} stands for a name that anybody
   *     may choose
   */
  Kind kind(String path);

  /** Why a value cannot stand in a place; empty: it can. */
  Optional<String> refusal(String path, String value);

  /** Why a name cannot stand in a place where anybody may choose names ({@code .../*}). */
  Optional<String> nameRefusal(String path, String name);

  /** The known name of a section that this one is a slip of, where any name may stand. */
  Optional<String> slip(String section, String name);
}
