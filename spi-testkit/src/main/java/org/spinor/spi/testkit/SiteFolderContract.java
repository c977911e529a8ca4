package org.spinor.spi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spinor.spi.computing.SiteFolder;

/**
 * What every {@link SiteFolder} keeps to. A test of one extends this class and says how to open it.
 */
public abstract class SiteFolderContract {
  private final List<SiteFolder> opened = new ArrayList<>();

  /** Opens a folder that is not there yet, always the same one within one test. */
  protected abstract SiteFolder open();

  private SiteFolder opened() {
    SiteFolder folder = open();
    opened.add(folder);
    return folder;
  }

  private SiteFolder made() throws IOException {
    SiteFolder folder = opened();
    folder.makeFolder("");
    folder.makeFolder("tmp");
    return folder;
  }

  @AfterEach
  final void closeFolders() {
    opened.forEach(SiteFolder::close);
  }

  private static void write(SiteFolder folder, String path, String text) throws IOException {
    folder.write("tmp/part-" + text.hashCode(), path, out -> out.write(bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(SiteFolder folder, String path) throws IOException {
    return new String(folder.begin(path, 1_000_000), StandardCharsets.UTF_8);
  }

  @Test
  void foldersAreTheOwnersAlone() throws IOException {
    SiteFolder folder = opened();
    folder.makeFolder("");
    folder.makeFolder("deep/er");
    folder.makeFolder("deep/er");
    for (String path : List.of("", "deep", "deep/er")) {
      assertThat(PosixFilePermissions.toString(folder.permissions(path)))
          .as(path)
          .isEqualTo("rwx------");
    }
    assertThat(folder.names("")).containsExactly("deep");
  }

  @Test
  void aFileIsReadAsItWasWritten() throws IOException {
    SiteFolder folder = made();
    byte[] large = new byte[700_001];
    new Random(7).nextBytes(large);
    folder.write("tmp/p", "large", out -> out.write(large));
    for (int most : List.of(1, 32 * 1024, 32 * 1024 + 1, large.length, 1_000_000)) {
      assertThat(folder.begin("large", most))
          .isEqualTo(Arrays.copyOf(large, Math.min(most, large.length)));
    }
    try (InputStream in = folder.read("large", 100_000)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, 100_000, large.length));
    }
    folder.write("tmp/p", "empty", out -> {});
    assertThat(folder.begin("empty", 10)).isEmpty();
    assertThat(folder.names("tmp")).isEmpty();
  }

  @Test
  void whatIsThereIsListed() throws IOException {
    SiteFolder folder = made();
    folder.makeFolder("many");
    assertThat(folder.list("many")).isEmpty();
    for (int i = 0; i < 250; i++) {
      write(folder, "many/file-" + i, "x".repeat(i));
    }
    List<SiteFolder.Entry> entries = folder.list("many");
    assertThat(entries).hasSize(250).contains(folder.look("many/file-17").orElseThrow());
    assertThat(entries).allMatch(each -> each.name().equals("file-" + each.size()));
    assertThat(entries)
        .allMatch(each -> each.changed().isAfter(Instant.now().minus(Duration.ofHours(1))));
    assertThat(folder.names("many")).hasSize(250).contains("file-3");
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() throws IOException {
    SiteFolder folder = made();
    assertThat(folder.look("none")).isEmpty();
    folder.remove("none");
    assertThatThrownBy(() -> folder.begin("none", 10)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.read("none", 0)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.list("none")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.permissions("none")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> write(folder, "none/file", "text"))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(folder.names("tmp")).isEmpty();
  }

  @Test
  void filesAndEmptyFoldersAreRemoved() throws IOException {
    SiteFolder folder = made();
    folder.makeFolder("full");
    write(folder, "full/file", "text");
    assertThatThrownBy(() -> folder.remove("full")).isInstanceOf(IOException.class);
    folder.remove("full/file");
    folder.remove("full");
    assertThat(folder.names("")).containsExactly("tmp");
  }

  @Test
  void contentThatFailsLeavesWhatWasThere() throws IOException {
    SiteFolder folder = made();
    write(folder, "file", "old");
    assertThatThrownBy(
            () ->
                folder.write(
                    "tmp/p",
                    "file",
                    out -> {
                      out.write(bytes("half"));
                      throw new IOException("it broke off");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("it broke off");
    assertThat(text(folder, "file")).isEqualTo("old");
    assertThat(folder.names("tmp")).isEmpty();
  }

  @Test
  void aFileIsReplacedInOneStep() throws Exception {
    SiteFolder folder = made();
    SiteFolder other = opened();
    write(folder, "file", "0".repeat(1000));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> writing =
          threads.submit(
              () -> {
                for (int i = 0; i < 200; i++) {
                  write(folder, "file", Integer.toString(i % 10).repeat(1000));
                }
                return true;
              });
      while (!writing.isDone()) {
        String seen = text(other, "file");
        assertThat(seen).hasSize(1000);
        assertThat(seen.chars().distinct().count()).isEqualTo(1);
      }
      assertThat(writing.get()).isTrue();
    }
  }

  @Test
  void manyThreadsUseItAtOnce() throws Exception {
    SiteFolder folder = made();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String name = "file-" + i;
        calls.add(
            () -> {
              write(folder, name, name);
              return text(folder, name);
            });
      }
      List<String> texts = new ArrayList<>();
      for (Future<String> answer : threads.invokeAll(calls)) {
        texts.add(answer.get());
      }
      assertThat(texts).hasSize(200).doesNotHaveDuplicates().contains("file-199");
    }
    assertThat(folder.names("")).hasSize(201);
  }

  @Test
  void itsPlaceIsToldWithoutLooking() {
    assertThat(opened().place()).isNotBlank().isEqualTo(opened().place());
  }
}
