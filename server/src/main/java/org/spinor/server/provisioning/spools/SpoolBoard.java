package org.spinor.server.provisioning.spools;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.UnheardQueues;

/** How the spools of queues fare, for whoever sends pilots there or looks at them. */
public final class SpoolBoard implements UnheardQueues {
  private final SpoolTable table;
  private final SpoolFolders folders;

  SpoolBoard(SpoolTable table, SpoolFolders folders) {
    this.table = table;
    this.folders = folders;
  }

  /** The spool of a queue; empty: it has none that the servers answer. */
  public Optional<SpoolRow> of(Configuration.Queue queue) {
    return folders
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

  /** Those behind a spool that nobody answers, can answer, or has answered for long. */
  @Override
  public Set<Pilots.Queue> unheard() {
    Map<Pilots.Queue, String> places = folders.byQueue();
    if (places.isEmpty()) {
      return Set.of();
    }
    Set<String> heard = table.heard(EVERYBODY_CALLED);
    Set<Pilots.Queue> unheard = new HashSet<>(places.keySet());
    unheard.removeIf(queue -> heard.contains(places.get(queue)));
    return unheard;
  }
}
