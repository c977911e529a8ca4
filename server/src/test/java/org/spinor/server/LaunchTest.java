package org.spinor.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void theWholeServerStartsAndEnds() {
    int code = run("--data", folder.toString(), "--port", "0", "--once");

    assertThat(code).as(text(err)).isZero();
    assertThat(text(out)).startsWith("Spinor serves at http://localhost:").hasLineCount(1);
    assertThat(folder.resolve("config").resolve("default.yml")).exists();
    assertThat(folder.resolve("postgres").resolve("postmaster.pid")).doesNotExist();
  }

  @Test
  void wrongUseIsToldWithASuggestion() {
    assertThat(run("--prot", "1")).isEqualTo(2);
    assertThat(text(err)).isEqualTo("spinor: unknown option --prot; did you mean --port?\n");
    assertThat(run("--port")).isEqualTo(2);
    assertThat(run("--port", "70000")).isEqualTo(2);
    assertThat(run("--once=yes")).isEqualTo(2);
    assertThat(run("serve")).isEqualTo(2);
    assertThat(run("--issuer", "localhost")).isEqualTo(2);
    assertThat(run("admin")).isEqualTo(2);
    assertThat(run("admin", "tokn")).isEqualTo(2);
    assertThat(text(err)).contains("did you mean token?");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(text(out))
        .contains("--data", "--port", "--bind", "--config", "--db-url", "--issuer", "--once");
    assertThat(run("admin", "--help")).isZero();
    assertThat(run("admin", "token", "--help")).isZero();
  }

  @Test
  void aFolderInUseAPortInUseAndAFileInTheWayAreToldInOneLine() throws IOException {
    try (DataFolderLock lock = DataFolderLock.take(folder)) {
      assertThat(lock).isNotNull();
      assertThat(run("--data", folder.toString(), "--port", "0")).isEqualTo(1);
      assertThat(text(err))
          .contains("is in use by another Spinor server (process " + ProcessHandle.current().pid())
          .hasLineCount(1);
    }
    err.reset();
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThat(run("--data", folder.toString(), "--port", String.valueOf(taken.getLocalPort())))
          .isEqualTo(1);
      assertThat(text(err)).contains("cannot listen on port").contains("--port").hasLineCount(1);
    }
    err.reset();
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(run("--data", file.toString(), "--port", "0")).isEqualTo(1);
    assertThat(text(err)).contains("cannot write to the data folder").hasLineCount(1);
  }

  @Test
  void aBadConfigurationIsToldWithAllItsProblems() throws IOException {
    Path config =
        Files.writeString(folder.resolve("c.yml"), "Registry: {vo: {DefaultGrop: user}}\n");

    assertThat(run("--data", folder.toString(), "--port", "0", "--config", config.toString()))
        .isEqualTo(1);

    assertThat(text(err))
        .startsWith("spinor: the configuration " + config + " cannot be used, 4 problems:\n")
        .contains("  Registry.vo.DefaultGrop: unknown key; did you mean DefaultGroup? (line 1)\n")
        .hasLineCount(5);
    assertThat(folder.resolve("postgres").resolve("postmaster.pid")).doesNotExist();
  }

  private int run(String... arguments) {
    return new Launch(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(List.of(arguments));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
