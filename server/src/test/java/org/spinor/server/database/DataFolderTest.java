package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path folder;

  @Test
  void serverKeepsTheNameThatItGotAtItsFirstStart() throws Exception {
    DataFolder first = new DataFolder(folder.resolve("new"));
    String name = first.serverName();
    assertThat(name).isNotBlank();
    assertThat(first.serverName()).as("for all rooms the same").isEqualTo(name);
    assertThat(new DataFolder(folder.resolve("new")).serverName()).isEqualTo(name);
    assertThat(new DataFolder(folder.resolve("other")).serverName()).isNotEqualTo(name);
    assertThat(folder.resolve("new")).isDirectoryContaining("glob:**/server-name");
  }
}
