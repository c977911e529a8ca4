package org.spinor.pilot.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(240)
class PayloadTest {
  @TempDir Path folder;
  private final ProcessTable table = new ProcessTable();
  final String mark = UUID.randomUUID().toString();
  private JobFolders folders;
  private OutputCapture out;
  private OutputCapture err;

  @BeforeEach
  void prepare() throws IOException {
    folders = JobFolders.create(folder.resolve("1.1"));
    out = new OutputCapture(folders.control(), "out", 1_000_000);
    err = new OutputCapture(folders.control(), "err", 1_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 126, 222, 255})
  void exitCodeIsThePayloadsOwn(int code) throws Exception {
    assertThat(run("echo said; echo wrong >&2; exit " + code)).isEqualTo(code);
    assertThat(out.tail(5, 1000)).isEqualTo("said\n");
    assertThat(err.tail(5, 1000)).isEqualTo("wrong\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 9, 11, 15})
  void deathBySignalIs128AndTheSignal(int signal) throws Exception {
    assertThat(run("kill -" + signal + " $$; sleep 60")).isEqualTo(128 + signal);
  }

  @Test
  void standardInputIsEmpty() throws Exception {
    assertThat(run("read -r line || echo nothing")).isZero();
    assertThat(out.tail(5, 1000)).isEqualTo("nothing\n");
  }

  @Test
  void processesThatHideAndIgnoreSigtermAreEnded() throws Exception {
    Payload payload =
        start(
            """
            trap '' TERM
            setsid sh -c 'trap "" TERM; echo $$ >a; while :; do sleep 1; done' &
            (setsid sh -c 'trap "" TERM; echo $$ >b; while :; do sleep 1; done' &)
            until [ -s a ] && [ -s b ]; do sleep 0.05; done
            echo ready >c
            while :; do sleep 1; done
            """,
            Duration.ofMillis(300));
    await(() -> Files.exists(folders.job().resolve("c")));
    assertThat(payload.usage().processes()).isGreaterThanOrEqualTo(3);
    assertThat(payload.end()).isTrue();
    assertThat(payload.exit().get(50, TimeUnit.SECONDS)).isEqualTo(137);
    assertThat(alive("a")).isFalse();
    assertThat(alive("b")).isFalse();
  }

  @Test
  void aPayloadThatHasHardlyBegunIsEnded() throws Exception {
    for (int i = 0; i < 5; i++) {
      folders = JobFolders.create(folder.resolve("again" + i));
      Payload payload = start("exec sleep 1000", Duration.ofSeconds(60));
      assertThat(payload.end()).isTrue();
      assertThat(payload.exitCode()).hasValue(143);
    }
  }

  @Test
  void processesThatAPayloadLeavesBehindAreEnded() throws Exception {
    Payload payload = start("setsid sleep 1000 & echo $! >a; exit 0", Duration.ofSeconds(5));
    assertThat(payload.exit().get(50, TimeUnit.SECONDS)).isZero();
    assertThat(payload.end()).isTrue();
    assertThat(alive("a")).isFalse();
  }

  @Test
  void aProcessWithoutTheMarkIsFoundByItsParentOrSession() throws Exception {
    Payload payload = start("env -i sleep 1000 & echo $! >a; sleep 1000", Duration.ofSeconds(2));
    await(() -> Files.exists(folders.job().resolve("a")));
    payload.usage();
    assertThat(payload.end()).isTrue();
    assertThat(alive("a")).isFalse();
  }

  @Test
  void cpuTimeOfEndedChildrenCounts() throws Exception {
    Payload payload =
        start(
            "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; exit 0",
            Duration.ofSeconds(2));
    assertThat(payload.exit().get(50, TimeUnit.SECONDS)).isZero();
    payload.end();
    assertThat(payload.usage().cpuSeconds()).isBetween(0.05, 20.0);
  }

  @Test
  void aSignalGoesToThoseThatMatchOnly() throws Exception {
    Payload payload =
        start(
            """
            sh -c 'trap "echo stopped; exit 5" INT; echo go >ready; while :; do sleep 0.1; done # stopme'
            echo code $?
            """,
            Duration.ofSeconds(2));
    await(() -> Files.exists(folders.job().resolve("ready")));
    assertThat(payload.signal(2, Pattern.compile("nothing such"))).isZero();
    assertThat(payload.signal(2, Pattern.compile("stopme"))).isGreaterThanOrEqualTo(1);
    payload.exit().get(50, TimeUnit.SECONDS);
    payload.end();
    assertThat(out.tail(5, 1000)).contains("stopped");
  }

  @Test
  void twoHundredMegabytesNeitherBlockNorFillTheDisk() throws Exception {
    assertThat(run("yes abcdefgh | head -c 200000000; echo end")).isZero();
    assertThat(out.total()).isEqualTo(200_000_004);
    out.saveTo(folder.resolve("std.out"));
    assertThat(Files.size(folder.resolve("std.out"))).isBetween(1_000_000L, 1_000_200L);
    assertThat(Files.readString(folder.resolve("std.out")))
        .contains("[199000004 bytes left out here")
        .endsWith("end\n");
  }

  @Test
  void whenThePipeClosesTheGuardEndsEverything() throws Exception {
    Process guard =
        new ProcessBuilder(
                "setsid",
                "sh",
                Payload.writeGuard(folder).toString(),
                mark,
                "1",
                "",
                folders.control().resolve("payload.pid").toString(),
                "sh",
                "-c",
                """
                trap '' TERM
                setsid sh -c 'trap "" TERM; echo $$ >a; while :; do sleep 1; done' &
                until [ -s a ]; do sleep 0.05; done; echo $$ >b
                while :; do sleep 1; done
                """)
            .directory(folders.job().toFile())
            .start();
    await(() -> alive("b"));
    guard.getOutputStream().close();
    assertThat(guard.waitFor(50, TimeUnit.SECONDS)).isTrue();
    await(() -> !alive("a") && !alive("b"));
  }

  final int run(String script) throws Exception {
    Payload payload = start(script, Duration.ofSeconds(2));
    int code = payload.exit().get(50, TimeUnit.SECONDS);
    assertThat(payload.end()).isTrue();
    return code;
  }

  final Payload start(String script, Duration grace) throws Exception {
    Payload.Start start =
        new Payload.Start(
            Payload.writeGuard(folder),
            List.of("/bin/sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin"),
            folders,
            mark,
            grace,
            groups());
    return Payload.start(start, table, out, err);
  }

  /** The subclass with control groups overrides it. */
  ControlGroups groups() throws InterruptedException {
    return ControlGroups.NONE;
  }

  private boolean alive(String pidFile) {
    try {
      String pid = Files.readString(folders.job().resolve(pidFile)).strip();
      return !pid.isEmpty()
          && !Files.readString(Path.of("/proc", pid, "stat"))
              .replaceAll(".*\\) ", "")
              .startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
