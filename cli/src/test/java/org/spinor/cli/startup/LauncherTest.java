package org.spinor.cli.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher script in a checkout of scripts: its Java and its Maven say what they were told. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "spinor").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private Path checkout = Path.of("");
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    checkout = Files.createDirectories(folder.resolve("a check out"));
    Files.copy(SCRIPT, checkout.resolve("spinor"));
    assertThat(checkout.resolve("spinor").toFile().setExecutable(true)).isTrue();
    for (String module : List.of("cli", "server", "bench")) {
      write(checkout.resolve(module + "/target/" + module + ".jar"), "");
    }
    environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
    environment.put("JAVA_HOME", jdk("jdk-25", "25.0.1").toString());
  }

  private Path jdk(String name, String version) throws IOException {
    Path jdk = folder.resolve(name);
    write(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(jdk.resolve("bin/java"), "echo " + name + " \"$@\"");
    script(jdk.resolve("bin/javac"), "exit 0");
    return jdk;
  }

  @ParameterizedTest
  @CsvSource({
    "jobs list,cli/target/cli.jar jobs list",
    "--version,cli/target/cli.jar --version",
    "demo --exit,cli/target/cli.jar demo --exit",
    "server --data d,server/target/server.jar --data d",
    "server status,cli/target/cli.jar server status",
    "admin token --vo x,server/target/server.jar admin token --vo x",
    "bench match,bench/target/bench.jar match"
  })
  void commandsGoToTheirModules(String command, String expected) throws Exception {
    assertThat(spinor(List.of(command.split(" "))).out())
        .contains("-Dspinor.home=" + checkout.toRealPath())
        .endsWith(expected + "\n");
  }

  @Test
  void argumentsArriveAsTheyWere() throws Exception {
    script(folder.resolve("jdk-25/bin/java"), "for a in \"$@\"; do echo \"<$a>\"; done");
    assertThat(spinor(List.of("jobs", "submit", "--command", "echo 'a  b' $x *", "")).out())
        .endsWith("<submit>\n<--command>\n<echo 'a  b' $x *>\n<>\n");
  }

  @Test
  void symbolicLinksAreFollowed() throws Exception {
    Path other = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(other.resolve("real"), Path.of("../a check out/spinor"));
    Path link = Files.createSymbolicLink(other.resolve("spinor"), Path.of("real"));
    assertThat(run(List.of(link.toString(), "whoami")).out())
        .contains("-Dspinor.home=" + checkout.toRealPath());
  }

  @Test
  void olderJavaDoesNotStopIt() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk-17", "17.0.15").toString());
    Path onPath = jdk("jdk-26", "26-ea").resolve("bin");
    environment.put("PATH", onPath + ":" + environment.getOrDefault("PATH", System.getenv("PATH")));
    assertThat(spinor(List.of("whoami")).out()).startsWith("jdk-26 ");
  }

  @Test
  void jdksOfToolsInTheHomeAreFound() throws Exception {
    environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
    Path old = jdk("jdk-21", "21.0.2");
    environment.put("PATH", old.resolve("bin") + ":" + System.getenv("PATH"));
    Path tools = Files.createDirectories(folder.resolve("home/.sdkman/candidates/java"));
    Files.move(jdk("found-in-home", "25"), tools.resolve("25-tem"));
    Outcome outcome = spinor(List.of("whoami"));
    // a JDK of this machine may come first; that one finds the jar empty
    assertThat(outcome.out().startsWith("found-in-home ") || outcome.err().contains("jarfile"))
        .as(outcome.toString())
        .isTrue();
  }

  @Test
  void moduleThatIsNotThereIsSaid() throws Exception {
    Files.delete(checkout.resolve("bench/target/bench.jar"));
    Outcome outcome = spinor(List.of("bench", "match"));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("no bench");
  }

  @Test
  void newerSourcesAreBuiltOnce() throws Exception {
    makeBuildable("echo build >>builds; mkdir -p cli/target; touch cli/target/cli.jar");
    assertThat(spinor(List.of("whoami")).err()).contains("spinor: built in");
    assertThat(spinor(List.of("whoami")).err()).isEmpty();
    assertThat(builds()).isEqualTo(1);

    touchLater(checkout.resolve("cli/src/main/Some.java"));
    spinor(List.of("whoami"));
    assertThat(builds()).isEqualTo(2);

    touchLater(checkout.resolve("cli/src/test/SomeTest.java"));
    spinor(List.of("whoami"));
    assertThat(builds()).as("tests are no reason to build").isEqualTo(2);

    environment.put("SPINOR_BUILD", "never");
    touchLater(checkout.resolve("cli/src/main/Some.java"));
    spinor(List.of("whoami"));
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void twoStartsBuildOnce() throws Exception {
    makeBuildable("sleep 1; echo build >>builds; mkdir -p cli/target; touch cli/target/cli.jar");
    Process first = start(List.of(checkout.resolve("spinor").toString(), "whoami"));
    Process second = start(List.of(checkout.resolve("spinor").toString(), "whoami"));
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue() + second.exitValue()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void runningProgramsKeepTheirJarsWhileOneBuilds() throws Exception {
    makeBuildable("echo new >cli/target/cli.jar; echo new >cli/target/lib/spinor-api.jar");
    for (String jar : List.of("cli/target/cli.jar", "cli/target/lib/spinor-api.jar")) {
      write(checkout.resolve(jar), "old");
      Files.createLink(folder.resolve(Path.of(jar).getFileName()), checkout.resolve(jar));
    }
    spinor(List.of("whoami"));
    assertThat(checkout.resolve("cli/target/cli.jar")).hasContent("new\n");
    assertThat(folder.resolve("cli.jar")).as("what a running program has open").hasContent("old");
    assertThat(folder.resolve("spinor-api.jar")).hasContent("old");
  }

  @Test
  void failedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
    makeBuildable("echo '[ERROR] Some.java:[3,4] cannot find symbol'; exit 1");
    Outcome outcome = spinor(List.of("whoami"));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("cannot find symbol", "the build failed", "build.log");
    assertThat(spinor(List.of("whoami")).err()).contains("the build failed");
  }

  @Test
  void testsAreSummedUpAndTheirExitCodeIsHonest() throws Exception {
    String report =
        "<testsuite name=\"x\" time=\"1\" tests=\"5\" errors=\"1\" skipped=\"1\" failures=\"1\">";
    makeBuildable(
        "mkdir -p cli/target/surefire-reports; sleep 1; echo '"
            + report
            + "' >cli/target/surefire-reports/TEST-x.xml; echo '[ERROR] XTest.fails:3'; exit 1");
    Outcome failed = spinor(List.of("test"));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.out())
        .contains("XTest.fails:3", "tests run: 5, failed: 2, skipped: 1", "FAILED");
    makeBuildable("exit 0");
    Outcome passed = spinor(List.of("test", "-pl", "cli"));
    assertThat(passed.exitCode()).isZero();
    assertThat(passed.out()).contains("tests run: 0").contains("all checks passed");
  }

  /** A checkout with sources, and a Maven that does what is said. */
  private void makeBuildable(String maven) throws IOException {
    write(checkout.resolve("pom.xml"), "");
    write(checkout.resolve("cli/pom.xml"), "");
    write(checkout.resolve("cli/src/main/Some.java"), "");
    write(checkout.resolve("cli/src/test/SomeTest.java"), "");
    script(folder.resolve("tools/mvn"), maven);
    environment.put("PATH", folder.resolve("tools") + ":" + System.getenv("PATH"));
  }

  private long builds() throws IOException {
    Path file = checkout.resolve("builds");
    try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
      return lines.count();
    }
  }

  /** As if the last build had been a while ago and the file had changed since. */
  private void touchLater(Path file) throws IOException {
    Instant now = Instant.now();
    try (Stream<Path> sources = Files.walk(checkout.resolve("cli"))) {
      for (Path source : sources.toList()) {
        Files.setLastModifiedTime(source, FileTime.from(now.minusSeconds(200)));
      }
    }
    Files.setLastModifiedTime(checkout.resolve("pom.xml"), FileTime.from(now.minusSeconds(200)));
    Files.setLastModifiedTime(
        checkout.resolve("target/launcher/built"), FileTime.from(now.minusSeconds(100)));
    Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(50)));
  }

  private Outcome spinor(List<String> arguments) throws Exception {
    return run(
        Stream.concat(Stream.of(checkout.resolve("spinor").toString()), arguments.stream())
            .toList());
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPINOR_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Outcome run(List<String> command) throws Exception {
    Process process = start(command);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), out, err);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private record Outcome(int exitCode, String out, String err) {}
}
