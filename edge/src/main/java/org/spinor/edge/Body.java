package org.spinor.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /** The rest of a file. */
  record FilePart(Path file, long offset, long length) implements Body {
    private InputStream open() {
      try {
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(offset);
        return in;
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
      case FilePart part when part.length() == 0 -> BodyPublishers.noBody();
      case FilePart part ->
          BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(part::open), part.length());
    };
  }
}
