package org.spinor.pilot.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {
  @TempDir Path folder;
  private final Unpacker unpacker = new Unpacker(1_000_000, 50);
  private Path target;
  private Path outside;

  @BeforeEach
  void prepare() throws IOException {
    target = Files.createDirectory(folder.resolve("job"));
    outside = Files.writeString(folder.resolve("outside"), "safe");
  }

  interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  interface Filter {
    OutputStream over(OutputStream out) throws IOException;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "tar.gz", "tar.bz2", "tar.zst"})
  void unpacksEveryFormatWithRightsOfTheOwnerOnly(String format) throws Exception {
    Filter filter =
        switch (format) {
          case "tar.gz" -> GZIPOutputStream::new;
          case "tar.bz2" -> BZip2CompressorOutputStream::new;
          case "tar.zst" -> ZstdOutputStream::new;
          default -> out -> out;
        };
    Path archive =
        archive(
            filter,
            tar -> {
              folder(tar, "./");
              folder(tar, "d/");
              file(tar, "d/\u00fcber uns.txt", "text", 0644);
              file(tar, "./run.sh", "#!/bin/sh", 06755);
              link(tar, "d/latest", "\u00fcber uns.txt");
              file(tar, "deep/without/folders", "x", 0644);
              hardLink(tar, "same", "run.sh");
            });
    unpacker.unpack(archive, target);
    assertThat(target.resolve("d/\u00fcber uns.txt")).content().isEqualTo("text");
    assertThat(target.resolve("d/latest")).isSymbolicLink().content().isEqualTo("text");
    assertThat(target.resolve("deep/without/folders")).content().isEqualTo("x");
    assertThat(target.resolve("same")).content().isEqualTo("#!/bin/sh");
    assertThat(Files.getPosixFilePermissions(target.resolve("run.sh")))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../outside", "d/../../outside", "/tmp/spinor-outside", "..", "d/..", "./../x"})
  void pathsThatLeadOutsideAreRefused(String name) throws IOException {
    Path archive =
        archive(
            out -> out,
            tar -> {
              TarArchiveEntry entry = new TarArchiveEntry(name, true);
              entry.setSize(3);
              tar.putArchiveEntry(entry);
              tar.write("bad".getBytes(StandardCharsets.US_ASCII));
              tar.closeArchiveEntry();
            });
    refused(archive, "absolute path or '..'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../outside", "a/../../outside", ".."})
  void linksThatLeadOutsideAreRefused(String to) throws IOException {
    refused(archive(out -> out, tar -> link(tar, "innocent", to)), "leads outside");
  }

  @Test
  void aHardLinkToAFileOutsideIsRefused() throws IOException {
    refused(archive(out -> out, tar -> hardLink(tar, "x", "../outside")), "'..'");
    refused(archive(out -> out, tar -> hardLink(tar, "x", "missing")), "no file of its own");
  }

  @Test
  void nothingIsWrittenThroughALink() throws IOException {
    Files.createSymbolicLink(target.resolve("planted"), folder);
    refused(archive(out -> out, tar -> file(tar, "planted/x", "bad", 0644)), "through a link");
    refused(
        archive(
            out -> out,
            tar -> {
              link(tar, "a", ".");
              file(tar, "a/x", "bad", 0644);
            }),
        "through a link");
  }

  @Test
  void aLinkInThePlaceOfAFileIsReplacedNotFollowed() throws Exception {
    Files.createSymbolicLink(target.resolve("x"), outside);
    unpacker.unpack(archive(out -> out, tar -> file(tar, "x", "new", 0644)), target);
    assertThat(target.resolve("x")).isRegularFile().content().isEqualTo("new");
    assertThat(Files.isSymbolicLink(target.resolve("x"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
  void devicesAreRefused(byte type) throws IOException {
    refused(
        archive(
            out -> out,
            tar -> {
              tar.putArchiveEntry(new TarArchiveEntry("null", type));
              tar.closeArchiveEntry();
            }),
        "neither file, folder nor link");
  }

  @Test
  void aBombIsRefusedBeforeItFillsTheDisk() throws Exception {
    Path archive =
        archive(
            ZstdOutputStream::new,
            tar -> {
              byte[] zeros = new byte[100_000];
              for (int i = 0; i < 11; i++) {
                TarArchiveEntry entry = new TarArchiveEntry("zeros" + i);
                entry.setSize(zeros.length);
                tar.putArchiveEntry(entry);
                tar.write(zeros);
                tar.closeArchiveEntry();
              }
            });
    refused(archive, "more than 1000000 bytes");
    try (Stream<Path> files = Files.list(target)) {
      assertThat(files.mapToLong(file -> file.toFile().length()).sum())
          .isLessThanOrEqualTo(1_000_000);
    }
  }

  @Test
  void tooManyEntriesAreRefused() throws IOException {
    refused(
        archive(
            out -> out,
            tar -> {
              for (int i = 0; i < 51; i++) {
                file(tar, "f" + i, "", 0644);
              }
            }),
        "more than 50 entries");
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    refused(Files.writeString(folder.resolve("x"), "<html>Not found</html>"), "not an archive");
    refused(Files.write(folder.resolve("y"), new byte[] {0x1f, (byte) 0x8b, 1, 2}), "damaged");
  }

  @Test
  void everyTruncationIsDamageOrAPartNeverACrash() throws Exception {
    byte[] whole =
        Files.readAllBytes(
            archive(
                ZstdOutputStream::new,
                tar -> {
                  byte[] noise = new byte[20_000];
                  new Random(1).nextBytes(noise);
                  TarArchiveEntry entry = new TarArchiveEntry("noise");
                  entry.setSize(noise.length);
                  tar.putArchiveEntry(entry);
                  tar.write(noise);
                  tar.closeArchiveEntry();
                }));
    for (int length = 1; length < whole.length - 200; length += 997) {
      byte[] part = new byte[length];
      System.arraycopy(whole, 0, part, 0, length);
      Path file = Files.write(folder.resolve("part"), part);
      assertThatThrownBy(() -> unpacker.unpack(file, target)).isInstanceOf(ArchiveException.class);
    }
  }

  @Test
  void anEmptyArchiveIsFine() throws Exception {
    unpacker.unpack(archive(out -> out, tar -> {}), target);
    try (Stream<Path> files = Files.list(target)) {
      assertThat(files).isEmpty();
    }
  }

  private void refused(Path archive, String why) throws IOException {
    assertThatThrownBy(() -> unpacker.unpack(archive, target))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining(why);
    assertThat(outside).content().isEqualTo("safe");
    assertThat(
            Files.exists(folder.resolve("x"), LinkOption.NOFOLLOW_LINKS)
                && Files.isSymbolicLink(folder.resolve("x")))
        .isFalse();
    assertThat(Path.of("/tmp/spinor-outside")).doesNotExist();
  }

  private Path archive(Filter filter, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(filter.over(bytes), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      content.write(tar);
    }
    return Files.write(Files.createTempFile(folder, "archive", ".tar"), bytes.toByteArray());
  }

  private static void folder(TarArchiveOutputStream tar, String name) throws IOException {
    tar.putArchiveEntry(new TarArchiveEntry(name, TarConstants.LF_DIR));
    tar.closeArchiveEntry();
  }

  private static void file(TarArchiveOutputStream tar, String name, String text, int mode)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String to) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(to);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void hardLink(TarArchiveOutputStream tar, String name, String to)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
    entry.setLinkName(to);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
