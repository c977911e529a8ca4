package org.spinor.server.provisioning.spools;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.tasks.TaskHandler;

/** Sees to it that each spool of the configuration is some server's. */
final class SpoolCare implements TaskHandler {
  /** Its name as a task. */
  static final String TYPE = "provisioning.spools";

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final SpoolTable table;
  private final SpoolFolders folders;
  private final SpoolRelays relays;
  private volatile boolean begun;

  SpoolCare(SpoolTable table, SpoolFolders folders, SpoolRelays relays) {
    this.table = table;
    this.folders = folders;
    this.relays = relays;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public void run(String payload) {
    if (!begun) {
      table.releaseOwn();
      begun = true;
    }
    Map<String, SpoolFolders.Wanted> wanted = folders.wanted();
    table.know(wanted.keySet());
    wanted.forEach(relays::start);
  }
}
