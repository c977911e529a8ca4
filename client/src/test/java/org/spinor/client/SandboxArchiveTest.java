package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxArchiveTest {
  @TempDir private Path folder;

  @Test
  void whatIsPackedComesOutAgain() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    Path script = Files.writeString(in.resolve("run it.sh"), "#!/bin/sh\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Path data = Files.createDirectories(in.resolve("data/deep"));
    Files.writeString(data.resolve("größe.txt"), "groß");
    Files.writeString(data.resolve("n".repeat(180)), "long name");

    Path out = folder.resolve("out");
    var unpacked = unpack(pack(script, in.resolve("data")), out);

    assertThat(unpacked.skipped()).isEmpty();
    assertThat(out.resolve("run it.sh")).hasContent("#!/bin/sh\n").isExecutable();
    assertThat(out.resolve("data/deep/größe.txt")).hasContent("groß");
    assertThat(out.resolve("data/deep/" + "n".repeat(180))).hasContent("long name");
  }

  @Test
  void sameContentsAreTheSameBytes() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree"));
    for (String name : List.of("b", "a", "c")) {
      Files.writeString(tree.resolve(name), name);
    }
    assertThat(pack(tree)).isEqualTo(pack(tree));
  }

  @Test
  void twoFilesOfOneNameAreRefused() throws Exception {
    Path one = Files.writeString(Files.createDirectories(folder.resolve("1")).resolve("x"), "1");
    Path two = Files.writeString(Files.createDirectories(folder.resolve("2")).resolve("x"), "2");
    assertThatThrownBy(() -> pack(one, two))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("two files");
  }

  @Test
  void bzip2IsReadToo() throws Exception {
    byte[] archive = bzip2(tar -> file(tar, "std.out", "hello"));
    Path out = folder.resolve("out");
    unpack(archive, out);
    assertThat(out.resolve("std.out")).hasContent("hello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/../../evil", "/tmp/evil", "a/.."})
  void pathsThatLeadOutStopEverything(String name) throws Exception {
    byte[] archive =
        bzip2(
            tar -> {
              TarArchiveEntry entry = new TarArchiveEntry(name, true);
              entry.setSize(1);
              tar.putArchiveEntry(entry);
              tar.write('x');
              tar.closeArchiveEntry();
            });
    Path out = folder.resolve("deep/out");
    assertThatThrownBy(() -> unpack(archive, out)).isInstanceOf(IOException.class);
    assertThat(folder.resolve("evil")).doesNotExist();
    assertThat(folder.resolve("deep/evil")).doesNotExist();
  }

  @Test
  void linksThatCouldLeadOutAreLeftOutAndNamed() throws Exception {
    byte[] archive =
        bzip2(
            tar -> {
              link(tar, "passwd", "/etc/passwd");
              link(tar, "up", "sub/../..");
              link(tar, "fine", "real");
              file(tar, "real", "content");
            });
    Path out = folder.resolve("out");
    var unpacked = unpack(archive, out);
    assertThat(unpacked.skipped()).containsExactly("passwd", "up");
    assertThat(out.resolve("fine")).isSymbolicLink().hasContent("content");
  }

  @Test
  void writingThroughALinkStaysInside() throws Exception {
    byte[] archive =
        bzip2(
            tar -> {
              link(tar, "l", ".");
              file(tar, "l/inside", "x");
            });
    Path out = folder.resolve("out");
    unpack(archive, out);
    assertThat(out.resolve("inside")).hasContent("x");
  }

  @Test
  void damagedBytesAreAnErrorNotAResult() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "x".repeat(10_000));
    byte[] archive = pack(file);
    byte[] cut = java.util.Arrays.copyOf(archive, archive.length / 2);
    assertThatThrownBy(() -> unpack(cut, folder.resolve("out"))).isInstanceOf(IOException.class);
  }

  private static byte[] pack(Path... paths) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SandboxArchive.pack(List.of(paths), bytes);
    return bytes.toByteArray();
  }

  private static SandboxArchive.Unpacked unpack(byte[] archive, Path out) throws IOException {
    return SandboxArchive.unpack(new ByteArrayInputStream(archive), out);
  }

  private static byte[] bzip2(Entries entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = new BZip2CompressorOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed)) {
      entries.write(tar);
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }
}
