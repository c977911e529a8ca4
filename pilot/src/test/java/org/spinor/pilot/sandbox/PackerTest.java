package org.spinor.pilot.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {
  @TempDir Path folder;
  private Path job;
  private Path archive;

  @BeforeEach
  void prepare() throws IOException {
    job = Files.createDirectory(folder.resolve("job"));
    archive = folder.resolve("out.tar.zst");
  }

  @Test
  void whatIsPackedIsUnpackedTheSame() throws Exception {
    Files.writeString(job.resolve("mit Leerzeichen & \u00dcmlaut.txt"), "gr\u00fc\u00df");
    Files.createDirectories(job.resolve("tree/leer"));
    Files.writeString(job.resolve("tree/a"), "a");
    Files.createSymbolicLink(job.resolve("tree/b"), Path.of("a"));
    assertThat(job.resolve("tree/a").toFile().setExecutable(true)).isTrue();
    Packer.Packed packed = pack(100_000, "*.txt", "tree");
    assertThat(packed.leftOut()).isEmpty();
    assertThat(packed.files()).isEqualTo(3);
    assertThat(packed.size()).isEqualTo(Files.size(archive));
    assertThat(packed.sha256()).isEqualTo(Checksum.of(archive));

    Path back = Files.createDirectory(folder.resolve("back"));
    new Unpacker(1_000_000, 100).unpack(archive, back);
    assertThat(back.resolve("mit Leerzeichen & \u00dcmlaut.txt"))
        .content()
        .isEqualTo("gr\u00fc\u00df");
    assertThat(back.resolve("tree/leer")).isEmptyDirectory();
    assertThat(back.resolve("tree/b")).content().isEqualTo("a");
    assertThat(back.resolve("tree/a")).isExecutable();
  }

  @Test
  void commonToolsReadTheArchive() throws Exception {
    Files.writeString(job.resolve("\u00dcmlaut.txt"), "text");
    pack(100_000, "*.txt");
    Process tar =
        new ProcessBuilder(
                "sh",
                "-c",
                "zstd -dc \"$0\" | tar xf - -C \"$1\"",
                archive.toString(),
                folder.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("\u00dcmlaut.txt")).content().isEqualTo("text");
  }

  @Test
  void theLargestAreLeftOutUntilItFits() throws Exception {
    noise("big", 60_000);
    noise("bigger", 90_000);
    noise("small", 9_000);
    Files.write(job.resolve("zeros"), new byte[500_000]);
    Packer.Packed packed = pack(80_000, "*");
    assertThat(packed.size()).isLessThanOrEqualTo(80_000);
    assertThat(packed.leftOut()).containsExactly("bigger (too large: 90000 bytes)");
    assertThat(packed.files()).isEqualTo(3);
  }

  @Test
  void manySmallFilesOverTheLimitStillGiveAnArchive() throws Exception {
    for (int i = 0; i < 40; i++) {
      noise("f" + i, 1000);
    }
    Packer.Packed packed = pack(20_000, "f*");
    assertThat(packed.size()).isLessThanOrEqualTo(20_000);
    assertThat(packed.files()).isBetween(5, 20);
    assertThat(packed.leftOut()).hasSize(40 - packed.files());
  }

  @Test
  void aHugeSparseFileIsNotEvenRead() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(job.resolve("huge").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    Files.writeString(job.resolve("small"), "x");
    Packer.Packed packed = pack(100_000, "*");
    assertThat(packed.leftOut()).containsExactly("huge (too large: 1099511627776 bytes)");
    assertThat(packed.files()).isEqualTo(1);
  }

  @Test
  void whatIsNoFileOrLeadsOutsideIsNamed() throws Exception {
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createDirectory(job.resolve("d"));
    Files.createSymbolicLink(job.resolve("d/out"), folder.resolve("secret"));
    Files.createSymbolicLink(job.resolve("d/dangling"), Path.of("nothing"));
    assertThat(new ProcessBuilder("mkfifo", job.resolve("d/pipe").toString()).start().waitFor())
        .isZero();
    Packer.Packed packed = pack(100_000, "d");
    assertThat(packed.files()).isZero();
    assertThat(packed.leftOut())
        .containsExactly(
            "d/dangling (a link that leads outside, to nothing or to a folder)",
            "d/out (a link that leads outside, to nothing or to a folder)",
            "d/pipe (neither file nor folder)");
  }

  private void noise(String name, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(name.hashCode()).nextBytes(bytes);
    Files.write(job.resolve(name), bytes);
  }

  private Packer.Packed pack(long limit, String... wanted) throws IOException {
    Selection selection = Selection.of(job, List.of(wanted));
    return new Packer(limit).pack(job, selection.found(), archive);
  }
}
