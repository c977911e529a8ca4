package org.spinor.server.provisioning.spools;

import java.time.Duration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.provisioning.elements.TestElements;

/** The floor of the spools as one server has it, but for its threads. */
public final class TestSpools {
  public final SpoolBoard board;
  final SpoolTable table;
  final SpoolFolders folders;

  public TestSpools(TestDatabase database, String server, TestElements elements) {
    // far longer than a test process may be held still: leases end where a test ends them
    table = new SpoolTable(database.jdbc(), server, Duration.ofSeconds(60));
    folders = new SpoolFolders(elements.places, elements.elements);
    board = new SpoolBoard(table, folders);
  }
}
