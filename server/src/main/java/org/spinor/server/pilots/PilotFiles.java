package org.spinor.server.pilots;

import java.util.Optional;

/** What a pilot is started with. */
public interface PilotFiles {
  /** The text of the bootstrap script; empty: this installation has no pilot. */
  Optional<String> bootstrap();
}
