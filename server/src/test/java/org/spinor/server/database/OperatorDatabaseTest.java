package org.spinor.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorDatabaseTest {
  @TempDir Path data;

  @Test
  void runningDatabaseIsUsedAndLeftAloneAStoppedOneIsStartedAndStopped() {
    Path pid = data.resolve("postgres").resolve("postmaster.pid");
    try (EmbeddedPostgres server = new EmbeddedPostgres(data, false)) {
      try (OperatorDatabase command = OperatorDatabase.open(data, "")) {
        assertThat(answer(command)).isEqualTo(42);
      }
      assertThat(server.pid()).isPresent();
      assertThat(pid).exists();
    }
    assertThat(Files.exists(pid)).isFalse();
    try (OperatorDatabase command = OperatorDatabase.open(data, "")) {
      assertThat(pid).exists();
      assertThat(answer(command)).isEqualTo(42);
    }
    assertThat(Files.exists(pid)).isFalse();
  }

  private static int answer(OperatorDatabase database) {
    return database.jdbc().sql("SELECT 42").query(Integer.class).single();
  }
}
