package org.spinor.pilot.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSpoolTest {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  @TempDir Path folder;
  private LogSpool spool;

  @BeforeEach
  void prepare() throws IOException {
    spool = new LogSpool(folder.resolve("log"), 4096, NOWHERE);
  }

  @Test
  void whatIsWrittenIsSentOnceInOrder() {
    spool.append("before\n".getBytes(StandardCharsets.UTF_8));
    spool.line("one\n");
    assertThat(text(spool.next(100))).isEqualTo("before\none\n");
    assertThat(text(spool.next(3))).isEqualTo("bef");
    assertThat(spool.acknowledge(7)).isTrue();
    spool.line("two\n");
    assertThat(spool.next(100).offset()).isEqualTo(7);
    assertThat(text(spool.next(100))).isEqualTo("one\ntwo\n");
  }

  @Test
  void theServerMayGoBackOrBeAheadFromABootstrap() {
    spool.line("one\n");
    spool.rebase(500);
    assertThat(spool.next(100).offset()).isEqualTo(500);
    assertThat(spool.acknowledge(504)).isTrue();
    assertThat(spool.acknowledge(500)).isTrue();
    assertThat(text(spool.next(100))).isEqualTo("one\n");
    assertThat(spool.acknowledge(100)).isFalse();
  }

  @Test
  void whileTheServerIsAwayTheMiddleIsDroppedAndCounted() throws IOException {
    for (int i = 0; i < 1000; i++) {
      spool.line("line " + i + "\n");
    }
    assertThat(Files.size(folder.resolve("log"))).isLessThanOrEqualTo(4200);
    LogSpool.Part part = spool.next(100_000);
    assertThat(part.offset()).isZero();
    assertThat(text(part)).contains("bytes of the log left out").endsWith("line 999\n");
  }

  @Property(tries = 100)
  void aServerThatFollowsHasEveryByte(
      @ForAll @Size(max = 200) java.util.List<@IntRange(min = 1, max = 300) Integer> lines,
      @ForAll @IntRange(min = 1, max = 5) int every)
      throws IOException {
    Path file = Files.createTempFile("spool", ".log");
    StringBuilder written = new StringBuilder();
    StringBuilder server = new StringBuilder();
    try (LogSpool followed = new LogSpool(file, 4096, NOWHERE)) {
      int count = 0;
      for (int length : lines) {
        String line = "x".repeat(length - 1) + "\n";
        written.append(line);
        followed.line(line);
        if (++count % every == 0) {
          LogSpool.Part part = followed.next(100_000);
          assertThat(part.offset()).isEqualTo(server.length());
          server.append(text(part));
          assertThat(followed.acknowledge(server.length())).isTrue();
        }
      }
      server.append(text(followed.next(100_000)));
      assertThat(server.toString()).isEqualTo(written.toString());
    } finally {
      Files.delete(file);
    }
  }

  private static String text(LogSpool.Part part) {
    return new String(part.bytes(), StandardCharsets.UTF_8);
  }
}
