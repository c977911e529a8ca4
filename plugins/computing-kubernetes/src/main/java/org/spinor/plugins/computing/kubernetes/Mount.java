package org.spinor.plugins.computing.kubernetes;

import java.util.Optional;

/**
 * A folder that pilots see.
 *
 * @param source what it is, in the words of its kind
 * @param path where they see it
 */
record Mount(Kind kind, String source, String path, boolean writable) {
  enum Kind {
    HOST_PATH("hostPath"),
    PVC("pvc"),
    CONFIG_MAP("configMap"),
    SECRET("secret"),
    CSI("csi"),
    EMPTY_DIR("emptyDir");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.word.equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** As {@code KIND:SOURCE:PATH[:rw]}; empty: it is something else. */
  static Optional<Mount> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 3 || parts.length > 4 || !parts[2].matches("/[^\\s:]+")) {
      return Optional.empty();
    }
    boolean wellEnded = parts.length == 3 || parts[3].equals("rw") || parts[3].equals("ro");
    return Kind.of(parts[0])
        .filter(kind -> wellEnded && fits(kind, parts[1]))
        .map(
            kind ->
                new Mount(
                    kind,
                    parts[1],
                    parts[2],
                    kind == Kind.EMPTY_DIR || (parts.length == 4 && parts[3].equals("rw"))));
  }

  private static boolean fits(Kind kind, String source) {
    return switch (kind) {
      case HOST_PATH -> source.matches("/[^\\s]*");
      case EMPTY_DIR -> source.matches("([0-9]+(Ki|Mi|Gi|Ti|k|M|G|T)?)?");
      case PVC, CONFIG_MAP, SECRET, CSI -> source.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
    };
  }
}
