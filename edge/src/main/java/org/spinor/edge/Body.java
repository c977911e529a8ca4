package org.spinor.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** The body of a request; it can be read again and again. */
sealed interface Body {
  /** A small one, or none. */
  final class Bytes implements Body {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] content;

    /**
     * @param content not changed by anybody from now on
     */
    Bytes(byte[] content) {
      this.content = content;
    }
  }

  /** Opens something once more. */
  interface Source {
    InputStream open() throws IOException;
  }

  /** A large one, which stays where it is. */
  record Kept(Source source, long length) implements Body {
    private InputStream open() {
      try {
        return source.open();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As the HTTP client sends it, with its length. */
  default BodyPublisher publisher() {
    return switch (this) {
      case Bytes bytes when bytes.content.length == 0 -> BodyPublishers.noBody();
      case Bytes bytes -> BodyPublishers.ofByteArray(bytes.content);
      case Kept kept when kept.length() == 0 -> BodyPublishers.noBody();
      case Kept kept ->
          BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(kept::open), kept.length());
    };
  }
}
