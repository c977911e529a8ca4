package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the container, and the reading of what it writes. */
class RunScriptTest {
  @TempDir Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectory(folder.resolve("work"));
  }

  private Process start(String pilot) throws IOException {
    Files.writeString(folder.resolve("work/pilot.sh"), pilot);
    return new ProcessBuilder("sh", "-c", Scripts.RUN.replace("/spinor", folder.toString()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private int run(String pilot) throws IOException, InterruptedException {
    Process process = start(pilot);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Outputs outputs() throws IOException {
    return Outputs.read(Files.newInputStream(folder.resolve("log")), 1000);
  }

  @Test
  void outputsAreToldApart() throws Exception {
    assertThat(
            run("echo one; printf '%s\\n' 'two  \\n%s ' >&2; echo three; printf last >&2; exit 7"))
        .isEqualTo(7);
    assertThat(outputs().out().text()).isEqualTo("one\nthree\n");
    assertThat(outputs().err().text()).isEqualTo("two  \\n%s \nlast\n");
  }

  @Test
  void childThatIsLeftBehindDelaysNothing() throws Exception {
    assertThat(run("sleep 300 & echo $! >child; echo said >&2")).isZero();
    assertThat(outputs().err().text()).isEqualTo("said\n");
    ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("work/child")).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void signalsReachThePilot() throws Exception {
    Process process =
        start("trap 'echo caught >&2; exit 5' TERM; : >ready; while :; do sleep 0.1; done");
    while (!Files.exists(folder.resolve("work/ready"))) {
      Thread.onSpinWait();
    }
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(5);
    assertThat(outputs().err().text()).isEqualTo("caught\n");
  }

  @Test
  void onlyTheEndOfALongTextIsKept() throws IOException {
    byte[] log = "\u001eerror\nabc\u001edef\n\u00e4\n".getBytes(StandardCharsets.UTF_8);
    Outputs outputs = Outputs.read(new ByteArrayInputStream(log), 6);
    assertThat(outputs.err().text()).isEqualTo("error\n");
    assertThat(outputs.err().isTruncated()).isFalse();
    assertThat(outputs.out().text()).as("a mark inside a line is text").isEqualTo("ef\n\u00e4\n");
    assertThat(outputs.out().isTruncated()).isTrue();
  }
}
