package org.spinor.server.provisioning.spools;

import java.time.Instant;
import java.util.Optional;
import org.spinor.server.configuration.Configuration;

/** How the spools of queues fare, for whoever sends pilots there or looks at them. */
public final class SpoolBoard {
  private final SpoolTable table;
  private final SpoolSource source;

  SpoolBoard(SpoolTable table, SpoolSource source) {
    this.table = table;
    this.source = source;
  }

  /** The spool of a queue; empty: it has none that the servers answer. */
  public Optional<SpoolRow> of(Configuration.Queue queue) {
    return source
        .place(queue)
        .map(
            place ->
                table
                    .all()
                    .getOrDefault(
                        place,
                        new SpoolRow(
                            place, "", false, SpoolRow.State.BEGINNING, Instant.EPOCH, "")));
  }
}
