package org.spinor.plugins.computing.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What runs in the containers of a pilot's pod. */
final class Scripts {
  /** Puts the files in place. */
  static final String PLACE = text("place.sh");

  /** Runs the pilot; lines of its standard error begin with {@link #MARK}. */
  static final String RUN = text("run.sh");

  static final char MARK = '\u001e';

  private Scripts() {}

  private static String text(String name) {
    try (InputStream text = Scripts.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is missing in the plug-in");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
