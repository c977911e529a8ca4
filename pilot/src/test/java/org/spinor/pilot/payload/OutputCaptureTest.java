package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputCaptureTest {

  @Property(tries = 200)
  void keepsFirstAndLastHalfAndCountsTheRest(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 70) Integer> writes,
      @ForAll @IntRange(min = 2, max = 100) int limit)
      throws IOException {
    Path folder = Files.createTempDirectory("capture");
    StringBuilder all = new StringBuilder();
    try (OutputCapture capture = new OutputCapture(folder, "out", limit)) {
      for (int size : writes) {
        String text = "abcdefghij".repeat(8).substring(0, size - 1) + "\n";
        all.append(text);
        capture.write(text.getBytes(StandardCharsets.US_ASCII), size);
      }
      int half = limit / 2;
      assertThat(capture.total()).isEqualTo(all.length());
      assertThat(capture.tail(1000, 1000))
          .isEqualTo(all.substring(Math.max(0, all.length() - half)));
      capture.saveTo(folder.resolve("saved"));
      String saved = Files.readString(folder.resolve("saved"));
      if (all.length() <= 2 * half) {
        assertThat(saved).isEqualTo(all.toString());
      } else {
        assertThat(saved)
            .startsWith(all.substring(0, half))
            .endsWith(all.substring(all.length() - half))
            .contains("[" + (all.length() - 2 * half) + " bytes left out here");
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  @Test
  void tailIsTheLastLinesAsValidText(@TempDir Path folder) throws IOException {
    try (OutputCapture capture = new OutputCapture(folder, "out", 10_000)) {
      print(capture, "eins\nzwei\n\u00fcberall\n");
      assertThat(capture.tail(2, 65536)).isEqualTo("zwei\n\u00fcberall\n");
      assertThat(capture.tail(5, 65536)).isEqualTo("eins\nzwei\n\u00fcberall\n");
      print(capture, "ohne Ende");
      assertThat(capture.tail(1, 65536)).isEqualTo("ohne Ende");
      // 11 bytes back from the end lies within the two bytes of the umlaut
      print(capture, "\n\u00fc123456789");
      assertThat(capture.tail(1, 10)).isEqualTo("123456789");
    }
  }

  @Test
  void aFileThatThePayloadWroteItselfIsKept(@TempDir Path folder) throws IOException {
    Path target = folder.resolve("std.out");
    Files.writeString(target, "own\n");
    try (OutputCapture capture = new OutputCapture(folder, "out", 10_000)) {
      print(capture, "captured\n");
      capture.saveTo(target);
    }
    assertThat(target).content().isEqualTo("own\ncaptured\n");
    assertThat(folder.resolve("out.head")).doesNotExist();
  }

  @Test
  void aLinkInThePlaceOfTheFileIsNotFollowed(@TempDir Path folder) throws IOException {
    Path victim = Files.writeString(folder.resolve("victim"), "safe");
    Path target = Files.createSymbolicLink(folder.resolve("std.out"), victim);
    try (OutputCapture capture = new OutputCapture(folder, "out", 10_000)) {
      print(capture, "text");
      capture.saveTo(target);
    }
    assertThat(victim).content().isEqualTo("safe");
    assertThat(target).content().isEqualTo("text");
  }

  private static void print(OutputCapture capture, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    capture.write(bytes, bytes.length);
  }
}
