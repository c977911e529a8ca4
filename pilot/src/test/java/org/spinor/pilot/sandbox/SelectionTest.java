package org.spinor.pilot.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
  @TempDir Path folder;
  private Path job;

  @BeforeEach
  void prepare() throws IOException {
    job = Files.createDirectories(folder.resolve("job"));
    Files.createDirectories(job.resolve("sub/deeper"));
    for (String name :
        List.of("a.root", "b.root", "c.txt", ".hidden", "x[1].txt", "ein Name.dat", "sub/d.root")) {
      Files.writeString(job.resolve(name), "");
    }
    Files.writeString(folder.resolve("secret"), "");
  }

  @Test
  void namesAndPatternsAreFoundOnceEach() {
    assertThat(found("*.root", "a.root", "./c.txt")).containsExactly("a.root", "b.root", "c.txt");
    assertThat(found("[ab].root")).containsExactly("a.root", "b.root");
    assertThat(found("[!a].root")).containsExactly("b.root");
    assertThat(found("?.txt", "sub/*.root", "*/deeper"))
        .containsExactly("c.txt", "sub/d.root", "sub/deeper");
    assertThat(found("ein Name.dat", "ein*")).containsExactly("ein Name.dat");
    assertThat(found(job + "/c.txt")).containsExactly("c.txt");
  }

  @Test
  void aNameThatExistsAsWrittenIsNoPattern() {
    assertThat(found("x[1].txt")).containsExactly("x[1].txt");
  }

  @Test
  void hiddenFilesMustBeAskedFor() {
    assertThat(found("*")).doesNotContain(".hidden");
    assertThat(found(".h*")).containsExactly(".hidden");
  }

  @Test
  void nothingOutsideIsFound() throws IOException {
    Files.createSymbolicLink(job.resolve("out"), folder.resolve("secret"));
    Files.createSymbolicLink(job.resolve("up"), folder);
    List<String> wanted =
        List.of("../secret", "/etc/passwd", "out", "up/secret", "sub/../../secret", "", "nothing*");
    Selection selection = Selection.of(job, wanted);
    assertThat(selection.found()).isEmpty();
    assertThat(selection.missing()).isEqualTo(wanted);
  }

  private List<String> found(String... wanted) {
    return Selection.of(job, List.of(wanted)).found().stream().map(Path::toString).toList();
  }
}
