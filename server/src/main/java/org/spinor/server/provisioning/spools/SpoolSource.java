package org.spinor.server.provisioning.spools;

import java.util.Map;
import java.util.Optional;
import org.spinor.server.configuration.Configuration;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.SiteFolder;

/** Which spools the configuration asks for. */
interface SpoolSource {
  /** All of them, by their places; queues with the same place share one. */
  Map<String, Wanted> wanted();

  /** Where the spool of a queue is; empty: it has none that the server answers. */
  Optional<String> place(Configuration.Queue queue);

  /** A spool, as the first of its queues describes it. */
  interface Wanted {
    /** Differs where it would be opened in another way. */
    String fingerprint();

    /**
     * Opens it; touches nobody.
     *
     * @throws PluginException it cannot be opened as it is configured
     */
    SiteFolder open();
  }
}
